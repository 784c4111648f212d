"""Names, numbers and negation: what has to be there for a clause to be borne out."""

from __future__ import annotations

import pytest
from hypothesis import given

from assistant.clauses import clauses, conjuncts
from assistant.facts import lacking_names, lacking_numbers, same_sense
from assistant.names import acronyms, names, same_name, spans, sure_spans
from assistant.polarity import denies, opposite
from assistant.quantities import quantities
from tests.strategies import nasty_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$1.4 billion", "1,400 million dollars"),
        ("fifty-two", "52"),
        ("Twelve percent", "12 %"),
        ("22 October 2007", "October 22nd, 2007"),
        ("2007-10-22", "22 October 2007"),
        ("two dozen", "24"),
        ("the fourth", "the 4th"),
        ("7.5 km", "7.5 kilometres"),
    ],
)
def test_one_value_in_two_ways(one: str, other: str) -> None:
    ours, theirs = quantities(one), quantities(other)
    assert ours
    assert all(a.agrees(b) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$1.4 billion", "$1.4 million"),
        ("14 percent", "14 years"),
        ("12 May", "5 December"),
        ("the fourth", "four"),
        ("eighteen", "eight"),
    ],
)
def test_two_values(one: str, other: str) -> None:
    assert not quantities(one)[0].agrees(quantities(other)[0])


@given(nasty_text)
def test_any_text_has_quantities_in_order(text: str) -> None:
    starts = [quantity.start for quantity in quantities(text)]
    assert starts == sorted(starts)
    assert all(0 <= start < len(text) for start in starts)


def test_names_are_capitalised_words_that_do_not_only_open_a_sentence() -> None:
    assert names("In May, Ada Brown met the mayor of Elm Street.") == [
        "may", "ada", "brown", "elm", "street"
    ]  # fmt: skip
    assert names("Suddenly the mayor left. Around noon it rained.") == []
    assert acronyms("the Elm Street Bank and the Bank of Elm") >= {"esb", "be"}
    assert same_name("mexican", "mexico")
    assert same_name("europeans", "europe")
    assert not same_name("mexican", "american")


@pytest.mark.parametrize(
    ("claim", "text", "lacking"),
    [
        ("Eight American presidents came.", "Eight U.S. presidents came.", []),
        ("Eight American presidents came.", "Eight presidents of the United States came.", []),
        ("The British left.", "The United Kingdom left.", []),
        ("A French ship left.", "A ship of France left.", []),
        ("A French ship left.", "A ship of Britain left.", ["french"]),
        ("Eight American presidents came.", "Eight presidents told us.", ["american"]),
    ],
)
def test_a_country_goes_by_several_names(claim: str, text: str, lacking: list[str]) -> None:
    assert lacking_names(claim, text, "", text) == lacking


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Óscar Arias signed the treaty.", ["Óscar Arias"]),
        ("It was built by Clara Stone and Tom Reed.", ["Clara Stone", "Tom Reed"]),
        (
            "The Bank of Elm and Dr. J. R. de la Torre came.",
            ["Bank of Elm", "Dr. J. R. de la Torre"],
        ),
        ("I saw Émile Zola’s book. Smith didn't.", ["Émile Zola", "Smith"]),
        ("the mill of the north", []),
    ],
)
def test_a_name_is_read_whole(text: str, whole: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text)] == whole


def test_a_word_that_opens_a_sentence_is_no_sure_name() -> None:
    text = "Prices rose. “Smith saw it in May in Álamos. Élan Vital was there."
    assert [text[start:end] for start, end in sure_spans(text)] == ["Álamos", "Élan Vital"]


@given(nasty_text)
def test_names_lie_within_and_apart(text: str) -> None:
    at = 0
    for start, end in spans(text):
        assert at <= start < end <= len(text)
        at = end


def test_a_name_may_come_from_the_title_or_in_its_full_form() -> None:
    text, title = "Brown bought it in May.", "The library of Elm Street"
    assert lacking_names("Ada Brown bought it.", text, title, "Ada Brown came. " + text) == []
    assert lacking_names("Ada Brown bought it.", text, title, text) == ["ada"]
    assert lacking_names("Elm Street bought it.", text, title, text) == []
    assert lacking_names("Ada Brown bought it.", text, title, "Ada Stone came. " + text) == ["ada"]


def test_a_number_belongs_to_its_year_and_to_its_name() -> None:
    counts = "The inspector counted 182 in 2006, 367 in 2007 and 1,230 in 2008."
    assert lacking_numbers("He counted 367 in 2007", counts, "") == []
    assert lacking_numbers("He counted 182 in 2008", counts, "") == ["182"]
    money = "It gave $500 million to Elm Street and $50 million to Fern Wood."
    assert lacking_numbers("It gave $50 million to Fern Wood", money, "") == []
    assert lacking_numbers("It gave $50 million to Elm Street", money, "") == ["$50"]
    made = "One was built by Ada Brown in 1551 and by Cy Reed in 1629."
    assert lacking_numbers("One was built as early as 1551, by Ada Brown", made, "") == []
    assert lacking_numbers("One was built as early as 1551, by Cy Reed", made, "") == ["1551"]


def test_years_around_a_number_and_a_date_above_it_make_it_nobody_elses() -> None:
    share = "About 87 percent of the maps drawn in Elm and seen from 1904 to 1908 came from Fern."
    assert (
        lacking_numbers("87 percent of the maps seen from 1904 to 1908 are Fern’s", share, "") == []
    )
    dated = "12 January 1911: The town prints a list of 340 mills burned since December 1906."
    assert lacking_numbers("The list of January 1911 has 340 mills", dated, "") == []


def test_a_year_may_have_been_named_before() -> None:
    assert lacking_numbers("In 1931 she bought 40 maps", "She bought 40 maps.", "In 1931") == []
    assert lacking_numbers("In 1932 she bought 40 maps", "She bought 40 maps.", "In 1931") != []
    assert lacking_numbers("In 1931 it rained", "In 1947 it rained.", "In 1931") != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He never came.", True),
        ("She isn't here.", True),
        ("They refused to pay.", True),
        ("It is false that he came.", True),
        ("That he came is simply untrue.", True),
        ("It is a myth that he came.", True),
        ("It is not wrong that he came.", False),
        ("It is false that nobody came.", False),
        ("He sold false coins on the wrong day.", False),
        ("He did not fail to come.", False),
        ("Not only the mill burned.", False),
        ("It rained.", False),
        ("Rain kept them from coming.", True),
        ("She stopped and came from the mill.", False),
        ("Nobody but Ada came.", False),
        ("No more than one mill burned.", False),
        ("Not fewer than ten came.", False),
        ("Not more than one of them never came.", True),
    ],
)
def test_what_denies(text: str, expected: bool) -> None:
    assert denies(text) is expected


def test_what_says_the_opposite() -> None:
    assert opposite("Prices rose.", "Prices fell.")
    assert not opposite("Prices rose.", "Prices rose, then fell.")
    assert not same_sense("The council rejected the plan.", "The council accepted the plan.")
    assert same_sense("Nobody was hurt.", "The mill burned, but nobody was hurt.")
    assert not same_sense("Somebody was hurt by fire.", "Nobody was hurt by fire.")


@pytest.mark.parametrize(
    ("claim", "text", "lacking"),
    [
        ("Roger I built it.", "It was built under Roger II.", ["i"]),
        ("Roger II built it.", "Roger I and Ada II came.", ["ii"]),
        ("Roger II built it.", "Roger I and Roger II built it.", []),
        ("Roger I built it.", "Roger built it.", []),
        ("World War I ended.", "World War II ended.", ["i"]),
        ("Said Brown: I built it.", "Brown built it with Roger II.", []),
    ],
)
def test_a_number_behind_a_name_makes_another_name(
    claim: str, text: str, lacking: list[str]
) -> None:
    assert lacking_names(claim, text, "", text) == lacking


@pytest.mark.parametrize(
    ("claim", "text", "expected"),
    [
        ("Its origin is not clear.", "It has unclear origins.", True),
        ("Its origin is clear.", "It has unclear origins.", False),
        ("The engine was not efficient.", "The engine was inefficient.", True),
        ("The engine was efficient.", "The engine was inefficient.", False),
        ("It was impossible to leave.", "It was not possible to leave.", True),
        ("It was illegal to leave.", "It was legal to leave.", False),
        ("It was illegal to leave.", "It was illegal to leave.", True),
        ("It was not illegal to leave.", "It was illegal to leave.", False),
        ("The union began.", "The ion began.", True),
        ("Figures of the firm informed them.", "The firm formed and informed them.", True),
    ],
)
def test_a_prefix_denies(claim: str, text: str, expected: bool) -> None:
    assert same_sense(claim, text) is expected


@pytest.mark.parametrize(
    ("claim", "text", "expected"),
    [
        ("Not more than one mill burned.", "A single mill burned.", True),
        ("Not more than one mill burned.", "More than one mill burned.", False),
        ("More than one mill burned.", "No more than one mill burned.", False),
        ("No fewer than ten mills burned.", "More than ten mills burned.", True),
        ("No fewer than ten mills burned.", "Fewer than ten mills burned.", False),
        ("He saw the mill burn without helping.", "He saw the mill burn and did not help.", True),
        ("He saw the mill burn.", "He saw the mill burn and did not help.", True),
        ("He did not see the mill burn.", "He saw the mill burn and did not help.", False),
        ("No mill burned longer than Elm Mill.", "Of all mills Elm Mill burned longest.", True),
        ("No mill burned longer than Elm Mill.", "Elm Mill burned a short while.", False),
        (
            "By the late years no map was drawn.",
            "In the late years of rain maps were drawn.",
            False,
        ),
        (
            "In the early years of the war the view was that Elm is no town.",
            "By the early years of the war people held that Elm is not a town.",
            True,
        ),
        ("He saw the mill burn and helped Reed.", "He saw the mill burn and never helped.", False),
    ],
)
def test_a_bound_is_no_denial_and_each_predicate_has_its_own(
    claim: str, text: str, expected: bool
) -> None:
    assert same_sense(claim, text) is expected


def test_a_sentence_has_clauses_that_each_say_something() -> None:
    assert clauses("The mill burned down, and nobody from Elm Street was hurt, he said.") == [
        "The mill burned down",
        "and nobody from Elm Street was hurt, he said.",
    ]
    assert clauses("It rained: a lot.") == ["It rained: a lot."]


def test_a_clause_has_parts_that_each_say_something() -> None:
    assert conjuncts("Ada Brown bought the mill and then sold both towers or burned them.") == [
        "Ada Brown bought the mill",
        "and then sold both towers or burned them.",
    ]
    assert conjuncts("It rained and rained.") == ["It rained and rained."]
    assert conjuncts("") == []


@given(nasty_text)
def test_clauses_and_their_parts_keep_all_letters(text: str) -> None:
    dropped = "".join(text.split())
    for pieces in (clauses(text), conjuncts(text)):
        said = "".join("".join(pieces).split())
        assert [c for c in said if c.isalnum()] == [c for c in dropped if c.isalnum()]
