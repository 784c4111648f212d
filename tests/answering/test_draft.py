"""An answer while it grows: its text, claims, marks and citations hold together."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.draft import Draft
from assistant.retrieval import Found
from assistant.text import sentence_spans
from assistant.types import Passage, Quoted, Span, Verdict
from tests.strategies import nasty_text

DOCUMENTS = {
    "a.txt": "The heron waits. It never hurries — not even in winter.\n\nThe pike is faster.",
    "b.pdf": "Zoë saw the heron [4]. Nobody else did.",
}


def read(document: str, start: int, end: int) -> Quoted:
    text = DOCUMENTS[document]
    return Quoted(text[start:end], text[max(start - 9, 0) : start], text[end : end + 9], document)


def passage_of(document: str) -> Passage:
    text = DOCUMENTS[document]
    sentences = tuple(sentence_spans(text))
    page = 3 if document.endswith(".pdf") else None
    return Passage(document, document, "A title", text, 0, len(text), page, "", sentences)


PASSAGES = {name: passage_of(name) for name in DOCUMENTS}
HERON, PIKE = (
    (PASSAGES["a.txt"], PASSAGES["a.txt"].sentences[0]),
    (PASSAGES["a.txt"], PASSAGES["a.txt"].sentences[2]),
)
ZOE = (PASSAGES["b.pdf"], PASSAGES["b.pdf"].sentences[0])


NOTHING = Found("Who waits?", np.zeros(1, dtype=np.float32), {}, (), {}, {})


@pytest.fixture
def draft() -> Draft:
    """Return an empty draft."""
    return Draft("Who waits?", NOTHING, 0.5, read, "a model")


def test_citations_are_numbered_as_they_appear(draft: Draft) -> None:
    draft.add("", "The pike is fast.", [PIKE], Verdict.SUPPORTED)
    draft.add(" ", "The heron waits.", [HERON, ZOE], Verdict.SUPPORTED)
    answer = draft.answer()
    assert answer.text == "The pike is fast. [1] The heron waits. [2][3]"
    assert [c.quote for c in answer.citations] == [
        "The pike is faster.",
        "The heron waits.",
        "Zoë saw the heron [4].",
    ]
    assert answer.citations[2].page == 3
    assert answer.citations[0].page is None


def test_the_same_evidence_keeps_its_mark(draft: Draft) -> None:
    draft.add("", "The heron waits.", [HERON], Verdict.SUPPORTED)
    draft.add(" ", "It waits, the heron.", [HERON, HERON], Verdict.SUPPORTED)
    assert draft.answer().text == "The heron waits. [1] It waits, the heron. [1]"
    assert len(draft.answer().citations) == 1


def test_a_sentence_without_support_has_no_mark(draft: Draft) -> None:
    draft.add("", "Herons are blue.", [], Verdict.UNSUPPORTED, ("blue",))
    answer = draft.answer(reason="A remark.")
    assert answer.text == "Herons are blue."
    assert answer.citations == ()
    assert answer.claims[0].missing == ("blue",)
    assert (answer.reason, answer.model, answer.refused) == ("A remark.", "a model", False)


@pytest.mark.parametrize("forged", ["[1]", "[[1]]", "[１]", "[99]"])
def test_only_the_draft_writes_marks(draft: Draft, forged: str) -> None:
    draft.add("", f"Herons {forged} are blue {forged}.", [], Verdict.UNSUPPORTED)
    draft.add(" ", "The heron waits.", [HERON], Verdict.SUPPORTED)
    assert re.findall(r"\[\d+\]", draft.text) == ["[1]"]
    assert draft.text.endswith("The heron waits. [1]")


def test_an_answer_does_not_begin_with_white_space(draft: Draft) -> None:
    draft.add("\n\n", "The heron waits.", [HERON], Verdict.SUPPORTED)
    assert draft.text.startswith("The heron")


def test_what_was_handed_out_does_not_change(draft: Draft) -> None:
    draft.add("", "The heron waits.", [HERON], Verdict.SUPPORTED)
    before = draft.answer()
    draft.add(" ", "The pike is fast.", [PIKE], Verdict.SUPPORTED)
    assert (len(before.claims), len(before.citations)) == (1, 1)


_support = st.builds(
    lambda name, pick: (PASSAGES[name], PASSAGES[name].sentences[pick % 2]),
    st.sampled_from(sorted(PASSAGES)),
    st.integers(0, 5),
)
_sentence = st.one_of(nasty_text, st.sampled_from(["One [1] two.", "[", "1]", "[2", "x [[3]]."]))
_claims = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "\n- ", "\n\n"]), _sentence.filter(str.strip), st.lists(_support)
    ),
    max_size=12,
)


@given(_claims)
def test_whatever_is_added_the_answer_holds_together(
    claims: list[tuple[str, str, list[tuple[Passage, Span]]]],
) -> None:
    draft = Draft("?", NOTHING, 0.5, read, "m")
    for separator, sentence, supports in claims:
        before = draft.answer()
        verdict = Verdict.SUPPORTED if supports else Verdict.UNSUPPORTED
        # A draft is given sentences without white space around them.
        draft.add(separator, sentence.strip(), supports, verdict)
        after = draft.answer()
        assert after.text.startswith(before.text)
        assert after.citations[: len(before.citations)] == before.citations
        assert after.claims[:-1] == before.claims
    final = draft.answer()
    assert [c.mark for c in final.citations] == list(range(1, len(final.citations) + 1))
    assert {m for claim in final.claims for m in claim.marks} == {c.mark for c in final.citations}
    for claim in final.claims:
        assert final.text[claim.start : claim.end] == claim.text
        marks = "".join(f"[{mark}]" for mark in claim.marks)
        assert final.text[claim.end :].startswith(f" {marks}" if marks else "")
    for citation in final.citations:
        assert DOCUMENTS[citation.document][citation.start : citation.end] == citation.quote
