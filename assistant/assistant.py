"""Assistant: documents in, hits and cited answers out. The one engine behind every way in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, overload

from assistant import citations, excerpts, fulltext, health, query, refusal, retrieval
from assistant.answering import extractive, follow_ups, generative
from assistant.answering.draft import Draft
from assistant.citations import Check
from assistant.encoder import load_encoder
from assistant.errors import ModelError, QueryError, SettingsError
from assistant.health import Status, Verification
from assistant.index import Index
from assistant.models import load_chat_model
from assistant.reranker import READ, Scorer, load_reranker, reranked
from assistant.rows import StoredPassage
from assistant.settings import Settings, index_folder
from assistant.text import content_terms
from assistant.tokens import count
from assistant.types import (
    Answer,
    Document,
    DocumentInfo,
    Encoder,
    Excerpt,
    FileReport,
    Hit,
    OnProgress,
    Turn,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EVIDENCE_CHARACTERS = 1000
"""The budget of the evidence of a question where none is named."""
WITHOUT_MODEL = "extractive"
"""What ``Answer.model`` says where no language model wrote the text."""


class Assistant:
    """One index and what answers from it. Use it as a context manager, or close it."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        *,
        encoder: Encoder | None = None,
        chat_model: BaseChatModel | None = None,
        create: bool = True,
    ) -> None:
        """Open the index in a folder. :meth:`open` finds the folder by name."""
        self.settings = settings
        self.folder = folder
        self.name = folder.name
        self._given_encoder = encoder
        self._given_chat_model = chat_model
        encoder_name = encoder.name if encoder else settings.encoder
        self._index = Index(folder, encoder_name, self._load_encoder, create=create)

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

    # -- documents -----------------------------------------------------------------------------

    def add(
        self,
        paths: Iterable[str | Path],
        *,
        prune: bool = False,
        on_progress: OnProgress | None = None,
    ) -> list[FileReport]:
        """Add files and folders, and return what became of each file.

        One that can't be read is reported as failed with the reason. With
        ``prune``, files that are gone from these folders go from the index.
        """
        return self._index.add(
            paths, prune=prune, on_progress=on_progress, max_bytes=self._max_bytes
        )

    def sync(
        self,
        folders: Iterable[str | Path] = (),
        *,
        even_empty: bool = False,
        on_progress: OnProgress | None = None,
    ) -> list[FileReport]:
        """Make the index hold what folders hold, and remember them; without any, all remembered.

        One that is missing or empty is reported as failed, unless ``even_empty``.
        """
        return self._index.sync(
            folders, even_empty=even_empty, on_progress=on_progress, max_bytes=self._max_bytes
        )

    def remove(self, document: str) -> None:
        """Remove a document by name, or one of its files by path, and every trace of what goes.

        Raises :class:`DocumentNotFound`.
        """
        self._index.remove(document)

    def documents(self) -> list[DocumentInfo]:
        """Return what the index holds of each document, by name."""
        return self._index.catalog.documents()

    def document(self, name: str) -> Document:
        """Return a document with its whole text; raises :class:`DocumentNotFound`."""
        return self._index.catalog.document(name)

    # -- questions -----------------------------------------------------------------------------

    @overload
    def retrieve(
        self, question: str, k: int = ..., *, view: Literal["passages"] = ...
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
    ) -> list[Excerpt]: ...

    def retrieve(
        self,
        question: str,
        k: int = 8,
        *,
        view: Literal["passages", "evidence"] = "passages",
        characters: int | None = None,
        tokens: int | None = None,
    ) -> list[Hit] | list[Excerpt]:
        """Return the k passages that bear most on a question, best first.

        With the view "evidence" it is whole sentences of these passages within
        a budget, the strongest first: of so many characters (1,000 if nothing
        is said), or of a language model's tokens. Raises :class:`SettingsError`
        for an unknown view, and for a budget that the view has no use for.
        """
        excerpts.check_view(view, characters, tokens)
        hits = list(self._search(question, k).hits)
        if view == "passages":
            return hits
        if tokens is not None:
            return excerpts.excerpts(hits, tokens, lambda text: count(text).tokens)
        return excerpts.excerpts(hits, characters or EVIDENCE_CHARACTERS, len)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question from the documents, or refuse it.

        ``history`` holds the earlier turns of the conversation, oldest first.
        """
        *_, answer = self.stream(question, history)
        return answer

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        """Answer a question, and yield the answer as it grows.

        Each answer's text begins with that of the one before; the last one is
        complete. A sentence appears once it has been checked.
        """
        searched = follow_ups.standalone(question.strip(), history)
        found = self._search(searched, self.settings.passages)
        judgement = refusal.judge(found)
        new_draft = partial(
            Draft, question, found, judgement.probability, self._index.catalog.quoted
        )
        if not judgement.answerable:
            reason = refusal.reason(judgement, found, self._empty)
            yield new_draft(WITHOUT_MODEL).answer(refused=True, reason=reason)
            return
        remark = ""
        if self.model_name:
            draft = new_draft(self.model_name)
            try:
                yield from self._generate(found, draft)
                if not draft.text:
                    reason = f"{self.model_name} found no answer in the passages."
                    yield draft.answer(refused=True, reason=reason)
                return
            except ModelError as error:
                if draft.text:
                    yield draft.answer(reason=f"The answer broke off. {error}")
                    return
                remark = f"Answered without a language model. {error}"
        draft = new_draft(WITHOUT_MODEL)
        extractive.write(query.parse(question).text, found, draft)
        yield draft.answer(reason=remark)

    # -- the index itself ----------------------------------------------------------------------

    def status(self) -> Status:
        """Return the size and state of the index."""
        return health.status(self._index)

    def verify(self, *, repair: bool = False) -> Verification:
        """Check every passage against its document and both stores; mend Chroma if asked to."""
        return health.verify(self._index, repair=repair)

    @property
    def index(self) -> Index:
        """The index, for what is not asked of its documents."""
        return self._index

    def warm_up(self) -> None:
        """Load the encoder and open the vector index, so that the first question need not."""
        self._index.dense.warm_up(self._index.encoder.encode_question("warm-up"))
        self.retrieve("warm-up", k=1)

    def close(self) -> None:
        """Let go of all files."""
        self._index.close()

    def __enter__(self) -> Self:
        """Return the assistant itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @property
    def model_name(self) -> str:
        """The language model that answers, or nothing where answers are extracted."""
        if self._given_chat_model is not None:
            return self._given_chat_model.get_name()
        return self.settings.model

    # -- inside --------------------------------------------------------------------------------

    def _load_encoder(self, precision: str) -> Encoder:
        return self._given_encoder or load_encoder(self.settings.encoder, precision)

    @cached_property
    def _chat_model(self) -> BaseChatModel:
        return self._given_chat_model or load_chat_model(self.settings)

    @cached_property
    def _reranker(self) -> Scorer:
        return load_reranker(self.settings.reranker)

    @property
    def _max_bytes(self) -> int:
        return int(self.settings.max_file_mb * 1_000_000)

    @property
    def _empty(self) -> bool:
        return not self._index.catalog.counts()[0]

    def _search(self, question: str, k: int) -> retrieval.Found:
        if not question.strip():
            raise SettingsError("The question is empty. Ask something.")
        # What came from a terminal may hold bytes that are no text.
        asked = query.parse(question.encode("utf-8", "replace").decode("utf-8"))
        if not asked.text:
            raise QueryError(f"{question!r} is no question, only limits. Say what to look for.")
        vector = self._index.encoder.encode_question(asked.text)
        stores = self._index.catalog, self._index.dense
        if not self.settings.reranker:
            return retrieval.search(*stores, asked, vector, k)
        found = retrieval.search(*stores, asked, vector, max(k, READ))
        return reranked(found, self._reranker, k)

    def _generate(self, found: retrieval.Found, draft: Draft) -> Iterator[Answer]:
        chain = generative.answer_chain(self._chat_model)
        budget = self.settings.context_tokens
        return generative.stream(found, chain, self._check, draft, budget)

    def _check(self, claim: str, passages: Sequence[StoredPassage]) -> Check:
        rarity = fulltext.inverse_document_frequency(self._index.catalog, content_terms(claim))
        vector = self._index.encoder.encode_question(claim)
        return citations.check(claim, passages, rarity, vector)
