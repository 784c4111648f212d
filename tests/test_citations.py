"""The gate: what counts as supported, by which sentences, and what must never pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import citations
from assistant.assistant import Assistant
from assistant.citations import Check, strength_of
from assistant.rows import StoredPassage
from assistant.settings import Settings
from assistant.text import content_terms, sentence_spans
from assistant.types import Passage, Verdict
from eval.formats import SETS
from tests import fakes
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder(window=500)
AUDIT = (
    "The council gave the library $1.4 million over three years. In 1931 Ada Brown bought 40 maps "
    "for the reading room. The librarian never lent a map to the mayor. Tom Reed failed to repair "
    "the roof after the storm. It is not true that the tower was rebuilt by Clara Stone."
)


def stored(text: str, at: int = 0, title: str = "", heading: str = "") -> StoredPassage:
    """Return a passage that begins at an offset of its document, with its vectors."""
    spans = sentence_spans(text)
    ((vector, vectors),) = ENCODER.encode_passages([text], [spans])
    sentences = tuple(span._replace(start=span.start + at, end=span.end + at) for span in spans)
    passage = Passage(text[:9], "a.txt", title, text, at, at + len(text), None, heading, sentences)
    return fakes.stored(passage, vector, vectors)


def checked(claim: str, passages: Sequence[StoredPassage]) -> Check:
    rarity = dict.fromkeys(content_terms(claim), 1.0)
    return citations.check(claim, passages, rarity, ENCODER)


def cited(found: Check) -> str:
    (passage, span), *_ = found.supports
    return passage.text[span.start - passage.start : span.end - passage.start]


@pytest.mark.parametrize(
    "claim",
    [
        "In 1931 Ada Brown bought 40 maps for the reading room.",
        "in 1931, Ada Brown bought 40 maps for the reading room",
        "**Ada Brown** bought 40 maps for the reading room.",
        "Maps were bought for the reading room by Ada Brown in 1931: 40 maps.",
        "The council gave the library $1.4 million over 3 years.",
        "The librarian did not ever lend a map to the mayor.",
        "Ada Brown bought 40 maps.",
    ],
)
def test_what_the_passage_says_is_supported(claim: str) -> None:
    assert checked(claim, [stored(AUDIT)]).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "In 1931 Ada Brown bought 400 maps for the reading room.",
        "In 1931 Ada Brown bought 4 maps for the reading room.",
        "In 1913 Ada Brown bought 40 maps for the reading room.",
        "The council gave the library $1.4 billion over three years.",
        "The council gave the library $1.4 million over five years.",
        "The council gave the library $1 million over three years.",
        "In 1931 Ada Stone bought 40 maps for the reading room.",
        "Smith bought 40 maps for the reading room in 1931.",
        "In 1931 Ángela Brown bought 40 maps for the reading room.",
        "The librarian lent a map to the mayor.",
        "Tom Reed did repair the roof after the storm.",
        "Tom Reed repaired the roof after the storm.",
        "The council never gave the library $1.4 million over three years.",
        "The tower was rebuilt by Clara Stone.",
    ],
)
def test_a_changed_number_name_or_sense_is_not_supported(claim: str) -> None:
    assert checked(claim, [stored(AUDIT)]).verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize("claim", ["", "  ", "**", "---", "“”", "No.", "The", "It was.", "…"])
def test_what_says_nothing_proves_nothing(claim: str) -> None:
    found = checked(claim, [stored(f"{AUDIT} No. The end. It was.")])
    assert found.verdict is Verdict.UNSUPPORTED


def test_a_short_answer_is_a_quotation_of_whole_words() -> None:
    assert checked("Ada Brown.", [stored(AUDIT)]).verdict is Verdict.SUPPORTED
    assert checked("1931.", [stored(AUDIT)]).verdict is Verdict.SUPPORTED
    assert checked("Reading roo", [stored(AUDIT)]).verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    "name",
    ["inside-the-cables.md", "human-rights-seminar-notes.txt", "column-in-defence-of-merida.txt"],
)
def test_every_sentence_of_a_document_bears_itself_out(name: str) -> None:
    text = (SETS / "merida" / "documents" / name).read_text("utf-8")
    for paragraph in filter(str.strip, text.split("\n\n")):
        passage = stored(paragraph)
        for start, end in passage.passage.sentences:
            sentence = paragraph[start:end]
            if content_terms(sentence):
                found = checked(sentence, [passage])
                assert found.verdict is Verdict.SUPPORTED
                assert sentence in cited(found)


def test_the_span_is_the_sentence_that_supports() -> None:
    found = checked(
        "Ada Brown bought 40 maps in 1931.", [stored("Herons wait."), stored(AUDIT, 70)]
    )
    assert cited(found) == "In 1931 Ada Brown bought 40 maps for the reading room."
    assert found.supports[0][1].start >= 70


def test_a_claim_may_stand_on_sentences_that_follow_each_other() -> None:
    text = "Reed bought a boat. He painted the boat green. He sank it in May."
    found = checked("Reed bought a boat and painted the boat green.", [stored(text)])
    assert found.verdict is Verdict.SUPPORTED
    assert cited(found) == "Reed bought a boat. He painted the boat green."


def test_a_name_may_stand_in_the_title_but_a_number_may_not() -> None:
    about = stored("It bought 40 maps for the reading room.", title="Elm Library, 1931")
    assert checked("Elm Library bought 40 maps for the reading room.", [about]).verdict is (
        Verdict.SUPPORTED
    )
    year = checked("It bought 40 maps for the reading room in 1931.", [about])
    assert year.verdict is not Verdict.SUPPORTED


def test_a_negation_next_door_bears_out_nothing() -> None:
    text = "The council gave the mill a bell. The council never paid the smith."
    claim = "The council never gave the mill a bell."
    assert checked(claim, [stored(text)]).verdict is not Verdict.SUPPORTED


def test_what_another_sentence_denies_more_nearly_is_not_supported() -> None:
    denied = "The library lends many an old map, of all maps. The library never lends old maps."

    assert checked("The library lends old maps.", [stored(denied)]).verdict is not Verdict.SUPPORTED
    assert checked("The library never lends old maps.", [stored(denied)]).verdict is (
        Verdict.SUPPORTED
    )


def test_a_negation_in_a_clause_about_something_else_does_no_harm() -> None:
    text = "Nobody was hurt in the fire, and the mill was rebuilt by Stone: without a tower."
    assert checked("The mill was rebuilt by Stone.", [stored(text)]).verdict is Verdict.SUPPORTED
    assert checked("The mill had a tower.", [stored(text)]).verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Spending reached 5%.", "Spending reached 5 million dollars in the year before."),
        ("Spending reached $5.", "Spending reached 5 million dollars in the year before."),
        ("Fifty people died.", "Two hundred and fifty people died."),
        ("The tower fell by 5%.", "The tower fell by 5 metres."),
        ("Mexico resigned in May.", "The governor of New Mexico resigned in May."),
        ("Korea sent its army north.", "South Korea sent its army north."),
        ("The earth is flat.", "It is false that the earth is flat."),
        ("The earth is flat.", "The claim that the earth is flat is untrue."),
        ("The earth is flat.", "He wrongly wrote that the earth is flat."),
        ("Nobody came to the mill.", "It is false that nobody came to the mill."),
    ],
)
def test_words_in_a_row_may_say_something_else(claim: str, text: str) -> None:
    assert checked(claim, [stored(text)]).verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Spending reached 5 million dollars.", "Spending reached 5 million dollars in May."),
        ("Brown resigned in May.", "The painter Ada Brown resigned in May."),
        ("New Mexico resigned in May.", "The governor of New Mexico resigned in May."),
        ("South Korea sent an army.", "In May South Korea sent an army."),
        ("Korea sent an army.", "South Korea sent an army. In May Korea sent an army."),
        ("It is false that the earth is flat.", "It is false that the earth is flat, he wrote."),
    ],
)
def test_words_in_a_row_mostly_say_the_same(claim: str, text: str) -> None:
    assert checked(claim, [stored(text)]).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "In 1931 Ada Brown bought 40 maps for the reading room and sold the globe abroad.",
        "Ada Brown hid the globe from thieves and bought 40 maps for the reading room in 1931.",
        "The council gave the library $1.4 million over three years or promised new shelves.",
        "In 1931 Ada Brown bought 40 maps for the reading room and betrayed Tom Reed.",
    ],
)
def test_what_is_joined_with_and_must_be_there_too(claim: str) -> None:
    assert checked(claim, [stored(AUDIT)]).verdict is not Verdict.SUPPORTED


def test_missing_words_are_named() -> None:
    found = checked("In 1931 Ada Brown bought 40 rare maps for the reading room.", [stored(AUDIT)])
    assert found.missing == ("rare",)


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("The council gave the library $1.9 million over three years.", "1.9"),
        ("In 1931 Ada Brown bought seventy maps for the reading room.", "seventy"),
    ],
)
def test_a_changed_number_is_named_as_missing(claim: str, missing: str) -> None:
    assert missing in checked(claim, [stored(AUDIT)]).missing


def test_no_passages_support_nothing() -> None:
    assert checked("Anything.", []) is citations.NOTHING


def test_a_verdict_weighs_more_than_strength() -> None:
    weak = Check(Verdict.SUPPORTED, (), (), 0.7)
    strong = Check(Verdict.PARTLY, (), (), 0.9)
    assert max(strong, weak, key=strength_of) is weak


_claim_words = st.lists(
    st.sampled_from([*AUDIT.split(), "Nobody", "41", "é", "[1]", "\n", "never", "***"]), max_size=12
).map(" ".join)


@given(_claim_words, st.integers(0, 1000))
def test_a_span_always_is_whole_sentences_of_its_passage(claim: str, at: int) -> None:
    found = checked(claim, [stored(AUDIT, at)])
    assert 0.0 <= found.strength <= 1.0 + 1e-6 or found.verdict is Verdict.UNSUPPORTED
    for passage, span in found.supports:
        assert span.start in {sentence.start for sentence in passage.sentences}
        assert span.end in {sentence.end for sentence in passage.sentences}
        assert passage.text[span.start - at : span.end - at] in AUDIT


# -- with the real model, on the sample documents ----------------------------------------------


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Return an assistant over the sample documents."""
    folder: Path = tmp_path_factory.mktemp("samples")
    with Assistant.open("samples", settings=Settings.load(indexes=folder)) as assistant:
        assistant.add([SETS / "merida" / "documents"])
        yield assistant


def verdict(samples: Assistant, claim: str) -> Verdict:
    found = samples._search(claim, 8)
    return samples._check(claim, list(found.stored.values())).verdict


FAITHFUL = [
    "The two governments announced the initiative on 22 October 2007 as a package of $1.4 billion "
    "over three years.",
    "Gutiérrez gave the government eighteen months.",
    "Bush first asked Congress for $550 million, $500 million of it for Mexico.",
    "In November 2009 Carlos Pascual wrote that Mexico's use of intelligence was fractured.",
    "The navy is praised as quick to act on good intelligence.",
    "Congress voted $300 million for Mexico in the regular budget for fiscal year 2009.",
    "The Spanish daily El País opened the Mexican chapter on 2 December.",
    "No American troops are part of it.",
]
ALTERED = [
    "The two governments announced the initiative on 22 October 2007 as a package of $1.4 million "
    "over three years.",
    "The two governments announced the initiative on 22 October 2008 as a package of $1.4 billion "
    "over three years.",
    "Gutiérrez gave the government eighty months.",
    "Obama first asked Congress for $550 million, $500 million of it for Mexico.",
    "In November 2009 Carlos Pascual wrote that Canada's use of intelligence was fractured.",
    "The navy is not praised as quick to act on good intelligence.",
    "Congress voted $310 million for Mexico in the regular budget for fiscal year 2009.",
    "The Italian daily La Stampa opened the Mexican chapter on 2 December.",
    "American troops are part of it.",
]


@pytest.mark.model
@pytest.mark.parametrize("claim", FAITHFUL)
def test_a_faithful_sentence_passes(samples: Assistant, claim: str) -> None:
    assert verdict(samples, claim) is Verdict.SUPPORTED


@pytest.mark.model
@pytest.mark.parametrize("claim", ALTERED)
def test_an_altered_sentence_does_not(samples: Assistant, claim: str) -> None:
    assert verdict(samples, claim) is not Verdict.SUPPORTED
