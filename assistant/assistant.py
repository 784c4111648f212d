"""Assistant: documents in, hits and cited answers out. The one engine behind every way in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, overload

from assistant import (
    alignment,
    calibration,
    citations,
    coverage,
    excerpts,
    fulltext,
    query,
    refusal,
    retrieval,
    scope,
    spelling,
)
from assistant.answering import checking, searching, writing
from assistant.answering.draft import Draft
from assistant.answering.voices import act
from assistant.answering.writing import WITHOUT_MODEL, Writer
from assistant.citations import Check
from assistant.collection import Collection
from assistant.encoder import Encoders
from assistant.errors import DocumentChanged, QueryError, SettingsError
from assistant.models import ChatModels
from assistant.reasons import Reason, reasons
from assistant.reranker import READ, Scorer, load_reranker, reranked
from assistant.rows import StoredPassage
from assistant.settings import Settings, index_folder
from assistant.text import content_terms
from assistant.tokens import count
from assistant.types import Answer, Encoder, Excerpt, Hit, Turn

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EVIDENCE_CHARACTERS = 1000
"""The budget of the evidence of a question where none is named."""
_VOICES = 2
"""How many times as many passages are read where it is asked who did something."""
_TRIES = 3
"""How often an answer is begun whose documents change while it is made."""


class Assistant(Collection):
    """One index and what answers from it. Use it as a context manager, or close it."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        *,
        encoder: Encoder | None = None,
        encoders: Encoders | None = None,
        chat_model: BaseChatModel | None = None,
        create: bool = True,
    ) -> None:
        """Open the index in a folder. :meth:`open` finds the folder by name."""
        super().__init__(folder, settings, encoder=encoder, encoders=encoders, create=create)
        self._given_chat_model = chat_model
        self._chat_models = ChatModels(chat_model)

    @classmethod
    def open(
        cls,
        name_or_path: str | Path | None = None,
        *,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
        chat_model: BaseChatModel | None = None,
        create: bool = True,
    ) -> Self:
        """Open an index by name, or by the path of its folder; it is made where it is missing.

        Without a name it is the one the settings name. ``encoder`` and
        ``chat_model`` are used instead of those the settings name. With
        ``create=False`` a missing index raises :class:`IndexNotFound`.
        """
        settings = settings or Settings.load()
        folder = index_folder(name_or_path or settings.index, settings)
        return cls(folder, settings, encoder=encoder, chat_model=chat_model, create=create)

    def beside(self, folder: Path, *, create: bool = False) -> Self:
        """Open the index in another folder, with the same settings and the same models."""
        return type(self)(
            folder,
            self.settings,
            encoder=self._given_encoder,
            encoders=self._encoders,
            chat_model=self._given_chat_model,
            create=create,
        )

    # -- questions -----------------------------------------------------------------------------

    @overload
    def retrieve(
        self,
        question: str,
        k: int = ...,
        *,
        view: Literal["passages"] = ...,
        within: Sequence[str] = ...,
    ) -> list[Hit]: ...

    @overload
    def retrieve(
        self,
        question: str,
        k: int = ...,
        *,
        view: Literal["evidence"],
        characters: int | None = ...,
        tokens: int | None = ...,
        within: Sequence[str] = ...,
    ) -> list[Excerpt]: ...

    def retrieve(
        self,
        question: str,
        k: int = 8,
        *,
        view: Literal["passages", "evidence"] = "passages",
        characters: int | None = None,
        tokens: int | None = None,
        within: Sequence[str] = (),
    ) -> list[Hit] | list[Excerpt]:
        """Return the k passages that bear most on a question, best first.

        With the view "evidence" it is whole sentences of these passages within
        a budget, the strongest first: of so many characters (1,000 if nothing
        is said), or of a model's tokens. ``within`` names the documents to look in, if not all.
        Raises :class:`SettingsError` for an unknown view and a budget that it has no use for.
        """
        excerpts.check_view(view, characters, tokens)
        hits = list(self._search(question, k, within).hits)
        if view == "passages":
            return hits
        if tokens is not None:
            return excerpts.excerpts(hits, tokens, lambda text: count(text).tokens)
        return excerpts.excerpts(hits, characters or EVIDENCE_CHARACTERS, len)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        passages: int | None = None,
        within: Sequence[str] = (),
    ) -> Answer:
        """Answer a question from the documents, or refuse it.

        ``history`` holds the earlier turns of the conversation, oldest first;
        ``passages`` is how many the answer may draw on, if not as many as the
        settings say; ``within`` as in :meth:`retrieve`. Where documents go or change meanwhile
        it begins anew, and raises :class:`DocumentChanged` when that happens again and again.
        """
        for _ in range(_TRIES - 1):
            with suppress(DocumentChanged):
                return self._asked(question, history, passages, within)
        return self._asked(question, history, passages, within)

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        passages: int | None = None,
        within: Sequence[str] = (),
    ) -> Iterator[Answer]:
        """Answer a question, and yield the answer as it grows.

        Each answer's text begins with that of the one before; the last one is
        complete. A sentence appears once it has been checked. Where a document
        that is to be cited goes or changes meanwhile it begins anew if nothing
        was yielded so far, and else raises :class:`DocumentChanged`.
        """
        for left in reversed(range(_TRIES)):
            begun = False
            try:
                for answer in self._stream(question, history, passages, within):
                    begun = True
                    yield answer
            except DocumentChanged:
                if begun or not left:
                    raise
            else:
                return

    def _asked(
        self, question: str, history: Sequence[Turn], passages: int | None, within: Sequence[str]
    ) -> Answer:
        *_, answer = self._stream(question, history, passages, within)
        return answer

    def _stream(
        self, question: str, history: Sequence[Turn], passages: int | None, within: Sequence[str]
    ) -> Iterator[Answer]:
        settings, model_name = self.settings, self.model_name
        voices = not model_name and act(question)
        most = passages or settings.passages
        find = partial(self._search, k=_VOICES * most if voices else most, within=within)
        align = None if model_name else self._align
        found, judgement = searching.search(question.strip(), history, find, self._judge, align)
        new_draft = partial(
            Draft, question, found, judgement.probability, self._index.catalog.quoted
        )
        if judgement.answerable:
            load = partial(self._chat_models.of, settings)
            writer = Writer(new_draft, self._check, self._align, model_name, load)
            asked = query.parse(question).text
            told = history[-1].text if history and found.question != asked else ""
            yield from writing.write(asked, found, writer, settings, told)
        else:
            reason = self._owned_up(refusal.reason(judgement, found, self._empty))
            yield new_draft(WITHOUT_MODEL).answer(refused=True, reason=reason)

    def check(self, text: str) -> Answer:
        """Check any written text against the documents, claim by claim.

        Returns it as an answer without a question: each sentence, list item and
        table cell has its verdict, and the marks of the passages that support it.
        """
        draft = Draft("", None, 0.0, self._index.catalog.quoted, "")
        return checking.checked(text, draft, self._search_plainly, self._check)

    def reasons(self, answer: Answer) -> dict[str, Reason]:
        """Return why each hit of an answer was found, by its passage's id."""
        index = self._index
        return reasons(index.catalog, index.encoder, answer.standalone, answer.hits)

    def warm_up(self) -> None:
        """Load the encoder and open the vector index, so that the first question need not."""
        self._index.dense.warm_up(self._index.encoder.encode_question("warm-up"))
        self.retrieve("warm-up", k=1)

    @property
    def model_name(self) -> str:
        """The language model that answers, or nothing where answers are extracted."""
        given = self._given_chat_model
        return self.settings.model if given is None else given.get_name()

    # -- inside --------------------------------------------------------------------------------

    @cached_property
    def _reranker(self) -> Scorer:
        return load_reranker(self.settings.reranker)

    def _owned_up(self, reason: str) -> str:
        """Add to the reason of a refusal how much could not be read."""
        return f"{reason} {coverage.unread(self._index.catalog)}".strip()

    @property
    def _empty(self) -> bool:
        return not self.counts()[0]

    def _search_plainly(self, text: str) -> retrieval.Found:
        """Search for a text as it is: what looks like a limit in it is none."""
        index, k = self._index, self.settings.passages
        vector = index.encoder.encode_question(text)
        return retrieval.search(index.catalog, index.dense, query.Query(text), vector, k)

    def _judge(self, found: retrieval.Found) -> refusal.Judgement:
        rate = self.settings.wrong_answers
        return refusal.judge(found, calibration.threshold(self._index.catalog, rate))

    def _search(
        self, question: str, k: int | None = None, within: Sequence[str] = ()
    ) -> retrieval.Found:
        index, k = self._index, self.settings.passages if k is None else k
        if not question.strip():
            raise SettingsError("The question is empty. Ask something.")
        # What came from a terminal may hold bytes that are no text.
        asked = query.parse(question.encode("utf-8", "replace").decode("utf-8"))
        if not asked.text:
            raise QueryError(f"{question!r} is no question, only limits. Say what to look for.")
        asked = spelling.mended(index.catalog, index.encoder, asked)
        asked = scope.chosen(index.catalog, asked, within)
        vector = index.encoder.encode_question(asked.text)
        find = partial(retrieval.search, index.catalog, index.dense, asked, vector)
        if not self.settings.reranker:
            return find(k)
        return reranked(find(max(k, READ)), self._reranker, k)

    def _check(self, claim: str, passages: Sequence[StoredPassage]) -> Check:
        rarity = fulltext.inverse_document_frequency(self._index.catalog, content_terms(claim))
        return citations.check(claim, passages, rarity, self._index.encoder)

    def _align(self, text: str, others: Sequence[str]) -> list[Mapping[str, float]]:
        return alignment.alignments(text, others, self._index.encoder)
