"""Numbers as values with units, wherever and however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given

from assistant.dates import dates
from assistant.facts import lacking_numbers
from assistant.quantities import quantities
from tests.strategies import nasty_text


@pytest.mark.parametrize(
    ("text", "value", "unit", "written"),
    [
        ("Two hundred and fifty people died", 250, "", "Two hundred and fifty"),
        ("one hundred twenty people", 120, "", "one hundred twenty"),
        ("a hundred thousand pesos", 100_000, "peso", "a hundred thousand pesos"),
        ("twelve thousand five hundred men", 12_500, "", "twelve thousand five hundred"),
        ("two thousand and three men", 2003, "", "two thousand and three"),
        ("half a million people", 500_000, "", "half a million"),
        ("two and a half years", 2.5, "year", "two and a half years"),
        ("two-thirds of them", 0.666667, "", "two-thirds"),
        ("a thousand million dollars", 1e9, "$", "a thousand million dollars"),
        ("It cost US$1.4bn.", 1.4e9, "$", "US$1.4bn"),
        ("It cost $1.4B.", 1.4e9, "$", "$1.4B"),
        ("It cost EUR 5 m.", 5e6, "€", "EUR 5 m"),
        ("It cost $5k.", 5000, "$", "$5k"),
        ("a model of 7B words", 7e9, "", "7B"),
        ("It is 5 m high.", 5, "m", "5 m"),
        ("It is 5m high.", 5, "m", "5m"),
        ("It changed by -5% in May", -5, "%", "-5%"),
        ("It changed by minus five percent", -5, "%", "minus five percent"),
        ("| Share (%): 12 |", 12, "%", "12"),
        ("12 per cent", 12, "%", "12 per cent"),
        ("12 per day", 12, "per day", "12 per day"),
        ("the twenty-first century", 21, "ordinal", "twenty-first"),
        ("in the 1990s", 1990, "decade", "1990s"),
        ("in FY2009", 2009, "calendar year", "2009"),
        ("It cost 5 €.", 5, "€", "5 €"),
        ("It burned in 1904.", 1904, "calendar year", "1904"),
    ],
)
def test_a_number_is_read_whole(text: str, value: float, unit: str, written: str) -> None:
    (found,) = quantities(text)
    assert (found.value, found.unit) == (value, unit)
    assert text[found.start : found.end] == written


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("one hundred and two hundred", [100, 200]),
        ("between two and three years", [2, 3]),
        ("twenty and thirty", [20, 30]),
        ("nineteen eighty-four", [19, 84]),
        ("in 2007-2008", [2007, 2008]),
        ("5-10 men", [5, 10]),
        ("5 to 12 percent", [5, 12]),
        ("several hundred men, a man, no one", []),
        ("A5, B-52 and Q3", [52]),
    ],
)
def test_numbers_beside_each_other_stay_apart(text: str, values: list[float]) -> None:
    assert [quantity.value for quantity in quantities(text)] == values


def test_a_range_has_one_unit() -> None:
    assert [quantity.unit for quantity in quantities("from 5 to 12 percent")] == ["%", "%"]
    assert [quantity.unit for quantity in quantities("between 5 and 12 km")] == ["km", "km"]
    assert [quantity.unit for quantity in quantities("5 men and 12 km")] == ["", "km"]


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("200 people died", "Two hundred and fifty people died"),
        ("50 people died", "Two hundred and fifty people died"),
        ("It cost $5", "It cost $5k"),
        ("It cost $5 million", "It cost $5"),
        ("It fell to -5%", "It fell to 5%"),
        ("It fell to 5%", "It fell to -5%"),
        ("12% of them", "12 per day of them"),
        ("12% of them", "12 of them"),
        ("12 of them", "12% of them"),
        ("It cost $1.4", "It cost $1.4B"),
        ("5 million high", "5 m high"),
        ("two years", "two and a half years"),
        ("two of them", "two-thirds of them"),
        ("in 1990", "in the 1990s"),
        ("on 21 September", "on 22 Sept"),
    ],
)
def test_another_number_is_lacking(claim: str, text: str) -> None:
    assert lacking_numbers(claim, text, "") != []


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("250 people died", "Two hundred and fifty people died"),
        ("It cost $5,000", "It cost $5k"),
        ("It cost 1.4 billion dollars", "It cost US$1.4bn"),
        ("between 5% and 12%", "between 5 and 12 percent"),
        ("It is 5 metres high", "It is 5 m high"),
        ("on 22 September", "on 22 Sept."),
        ("on September 22nd", "on 22 Sept"),
        ("in the 21st century", "in the twenty-first century"),
        ("The share is 12 percent", "Share (%): 12"),
    ],
)
def test_the_same_number_in_another_way_is_not(claim: str, text: str) -> None:
    assert lacking_numbers(claim, text, "") == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("It burned on Oct. 22, 2007, they say.", ["Oct. 22, 2007"]),
        ("It burned on 2007-10-22.", ["2007-10-22"]),
        ("On 22nd of October 2007 it burned", ["22nd of October 2007"]),
        ("In May 1904 and on 3 June it burned.", ["May 1904", "3 June"]),
        ("It burned on 22 October. 2008 was better.", ["22 October"]),
        ("May 75 men come? In 1904?", []),
    ],
)
def test_a_date_is_read_whole(text: str, written: list[str]) -> None:
    assert [text[date.start : date.end] for date in dates(text)] == written


@given(nasty_text)
def test_quantities_lie_within_and_apart(text: str) -> None:
    for quantity in quantities(text):
        assert 0 <= quantity.start < quantity.end <= len(text)
    for date in dates(text):
        assert 0 <= date.start < date.end <= len(text)
