"""Saved citations, after their documents changed: valid, moved, changed or gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.durable import Checked, State, _found, check
from assistant.errors import LoadError
from assistant.saved import read_citations
from assistant.types import Citation, Document, Verdict, to_json
from tests.fakes import FakeEncoder
from tests.indexes import LONG_AGO, write

TEXT = (
    "On the weir\n\nThe heron waits by the weir in the morning. It never hurries, not even in "
    "winter.\n\nThe pike is faster than the heron. The miller watches both from his window."
)
QUOTE = "The pike is faster than the heron."


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    write(tmp_path / "files" / "weir.txt", TEXT)
    with Assistant.open("weir", encoder=FakeEncoder()) as assistant:
        assistant.add([tmp_path / "files"])
        yield assistant


@pytest.fixture
def cited(assistant: Assistant) -> Citation:
    answer = assistant.ask("Is the pike faster than the heron?")
    [citation] = [c for c in answer.citations if QUOTE in c.quote]
    return citation


def checked(assistant: Assistant, cited: Citation, text: str, name: str = "weir.txt") -> Checked:
    """Return what becomes of the citation once its document has another text."""
    folder = Path(assistant.documents()[0].source).parent
    (folder / "weir.txt").unlink()
    write(folder / name, text, at=LONG_AGO + 9)
    assistant.add([folder], prune=True)
    return check(assistant.index.catalog, cited)


def test_a_citation_carries_what_finds_it_again(assistant: Assistant, cited: Citation) -> None:
    document = assistant.document("weir.txt")
    assert cited.checksum == document.checksum
    assert document.text[: cited.start].endswith(cited.prefix)
    assert document.text[cited.end :].startswith(cited.suffix)
    assert len(cited.prefix) == 32
    assert check(assistant.index.catalog, cited).state is State.VALID


def test_it_is_valid_under_another_name(assistant: Assistant, cited: Citation) -> None:
    found = checked(assistant, cited, TEXT, "renamed.txt")
    assert (found.state, found.document, found.holds) == (State.VALID, "renamed.txt", True)


@pytest.mark.parametrize("name", ["weir.txt", "renamed.txt"])
def test_it_moved(assistant: Assistant, cited: Citation, name: str) -> None:
    text = TEXT.replace("The heron waits", "Everyone knows this: the heron waits")
    found = checked(assistant, cited, text, name)
    assert (found.state, found.document, found.likeness) == (State.MOVED, name, 1.0)
    assert text[found.start : found.end] == cited.quote == found.text


def test_it_moved_to_where_lines_break_elsewhere(assistant: Assistant, cited: Citation) -> None:
    found = checked(assistant, cited, "First.\n\n" + TEXT.replace("faster than", "faster\nthan"))
    assert found.state is State.MOVED
    assert "faster\nthan" in found.text


def test_its_sides_tell_which_of_several_places_is_meant(
    assistant: Assistant, cited: Citation
) -> None:
    text = f"{cited.quote} So it is said.\n\n" * 3 + TEXT + f"\n\n{cited.quote} Or is it?"
    found = checked(assistant, cited, text)
    assert found.state is State.MOVED
    assert text[found.start - 10 : found.start] == TEXT[cited.start - 10 : cited.start]


def test_it_changed(assistant: Assistant, cited: Citation) -> None:
    found = checked(assistant, cited, TEXT.replace("faster than the", "slower than any"))
    assert (found.state, found.holds) == (State.CHANGED, False)
    assert found.text.startswith("The pike is slower than any heron.")
    assert 0.7 < found.likeness < 1


def test_what_it_became_is_shown_without_its_neighbours(assistant: Assistant) -> None:
    quote = "The eel was thought to be extinct in these parts, and slower than it ever was before."
    text = f"A heron stood there for an hour or so. {quote} Nobody saw it go."
    cited = Citation(1, "eel.txt", "", None, 0, 9, quote, Verdict.SUPPORTED)
    found = checked(assistant, cited, text.replace("thought to be extinct", "rare"), "eel.txt")
    assert found.state is State.CHANGED
    assert found.text == quote.replace("thought to be extinct", "rare")


def test_it_is_gone(assistant: Assistant, cited: Citation) -> None:
    found = checked(assistant, cited, "Nothing about any of this. 1234 5678 !")
    assert (found.state, found.document) == (State.GONE, "")


def test_its_document_is_gone(assistant: Assistant, cited: Citation) -> None:
    assistant.remove("weir.txt")
    assert check(assistant.index.catalog, cited).state is State.GONE


def test_a_citation_of_old_is_found_by_its_documents_name(
    assistant: Assistant, cited: Citation
) -> None:
    old = {k: v for k, v in to_json(cited).items() if k not in {"checksum", "prefix", "suffix"}}
    assert check(assistant.index.catalog, Citation(**old)).state is State.VALID


@given(
    st.text(st.sampled_from("ab \n.")), st.text(st.sampled_from("ab \n."), min_size=1), st.text()
)
def test_what_is_found_is_the_quote_but_for_white_space(
    before: str, quote: str, after: str
) -> None:
    cited = Citation(
        1, "a", "", None, len(before), 0, quote, Verdict.SUPPORTED, "", before[-9:], after[:9]
    )
    text = before + quote + after
    place = _found(text, cited)
    if not quote.strip():
        assert place is None
    else:
        assert place is not None
        assert text[place.start : place.end].split() == quote.split()


def test_many_are_told_in_their_order_and_a_document_is_read_once(
    assistant: Assistant, cited: Citation, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    catalog = assistant.index.catalog
    document = catalog.document

    def noted(name: str) -> Document:
        read.append(name)
        return document(name)

    monkeypatch.setattr(catalog, "document", noted)
    gone = replace(cited, document="zoo.txt", checksum="", quote="12345 67890")
    moved = replace(cited, start=0, end=len(cited.quote))
    found = assistant.check_citations([gone, cited, moved])
    assert [one.citation for one in found] == [gone, cited, moved]
    assert [one.state for one in found] == [State.GONE, State.VALID, State.MOVED]
    assert read == ["weir.txt"]
    assert assistant.check_citations([]) == []


# -- reading what was saved ------------------------------------------------------------------------


def test_one_answer_a_list_and_lines_are_read(
    assistant: Assistant, cited: Citation, tmp_path: Path
) -> None:
    answer = to_json(assistant.ask("Is the pike faster than the heron?"))
    number = len(answer["citations"])
    path = tmp_path / "saved.json"
    for text, expected in (
        (json.dumps(answer), number),
        (json.dumps([answer, answer]), 2 * number),
        (f"{json.dumps(answer)}\n\n{json.dumps(answer)}\n", 2 * number),
        (json.dumps(answer["citations"]), number),
        ("\ufeff[]", 0),
    ):
        path.write_text(text, "utf-8")
        found = read_citations(path)
        assert len(found) == expected
        assert not found or cited in found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("3", "no saved answers"),
        ('{"citations": [{"mark": 1}]}', "no saved answers"),
        ('{"citations": 3}', "no saved answers"),
        ('{"text": "x"}', "no saved answers"),
    ],
)
def test_what_is_no_answer_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "saved.json"
    path.write_text(text)
    with pytest.raises(LoadError, match=said) as error:
        read_citations(path)
    assert "saved.json" in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"nowhere\.json"):
        read_citations(tmp_path / "nowhere.json")


def test_a_file_that_is_a_location_of_another_document_now_is_looked_into(
    assistant: Assistant, cited: Citation
) -> None:
    folder = Path(assistant.documents()[0].source).parent
    slower = TEXT.replace("faster", "slower")
    for name in ("a.txt", "weir.txt"):  # the new text gets the name of the first
        write(folder / name, slower, at=LONG_AGO + 9)
    assistant.add([folder])
    assert [one.name for one in assistant.documents()] == ["a.txt"]
    found = check(assistant.index.catalog, cited)
    assert found.state is State.CHANGED
    assert found.text == cited.quote.replace("faster", "slower")
