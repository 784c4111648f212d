"""A document is read by itself, and searched: what is found opens at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest

from assistant.assistant import Assistant
from assistant.web.conversation import Thread
from assistant.web.reader import MOST_FOUND, Reader, Readers
from assistant.web.reading import Place, View
from tests.fakes import FakeEncoder
from tests.loading.pdfs import set_pdf
from tests.web.samples import HOSTILE, assert_inert, desk, visible

START = Place(0, 0)
FIRST = Place(0, 1)
BIRDS = "\n\n".join(f"The {bird} waits at dawn." for bird in ("heron", "rook", "wren"))


@pytest.fixture
def assistant(encoder: FakeEncoder, tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "birds.txt").write_text(BIRDS)
    (tmp_path / "rook.txt").write_text("The rook of another wood.")
    pages = [[(72, 700, f"The {bird} waits at dawn.")] for bird in ("heron", "rook")]
    (tmp_path / "birds.pdf").write_bytes(set_pdf(pages))
    with Assistant.open(encoder=encoder) as assistant:
        assistant.add([tmp_path / "birds.txt", tmp_path / "rook.txt", tmp_path / "birds.pdf"])
        yield assistant


def read(assistant: Assistant, name: str, wanted: str, place: Place) -> str:
    html = Reader(assistant).alone(name, wanted, place)
    assert_inert(html)
    return html


def test_a_document_opens_from_its_beginning_without_evidence(assistant: Assistant) -> None:
    html = read(assistant, "birds.txt", "", START)
    assert " ".join(visible(html).split()).endswith("The wren waits at dawn.")
    assert "<mark" not in html
    assert "Evidence" not in visible(html)
    assert "Back to the documents" in visible(html)
    assert "Search in this document" in html


def test_what_is_found_in_it_is_listed_and_marked(assistant: Assistant) -> None:
    html = read(assistant, "birds.txt", "Where is the rook?", FIRST)
    results = re.findall(r'class="result" data-read="([^"]+)"[^>]*>([^<]+)<', html)
    assert results[0] == (str(FIRST), "The rook waits at dawn.")
    assert '<mark class="current">The rook waits at dawn.</mark>' in html
    assert "another wood" not in html
    assert len(results) <= MOST_FOUND
    assert 'data-wanted="Where is the rook?"' in html


def test_from_result_to_result_it_goes_by_their_place(assistant: Assistant) -> None:
    html = read(assistant, "birds.txt", "waits at dawn", FIRST)
    found = re.findall(r'class="result" data-read="([^"]+)"[^>]*>The (\w+)', html)
    assert sorted(bird for _, bird in found) == ["heron", "rook", "wren"]
    middle = next(Place.read(to) for to, bird in found if bird == "rook")
    assert middle is not None
    html = read(assistant, "birds.txt", "waits at dawn", middle)
    assert "Result 2 of 3" in visible(html)
    before, after = re.findall(r'class="go (?:previous|next)" data-read="([^"]+)"', html)
    assert {bird: to for to, bird in found} == {
        "heron": before,
        "rook": str(middle),
        "wren": after,
    }


def test_of_a_pdf_it_is_the_page(assistant: Assistant) -> None:
    html = read(assistant, "birds.pdf", "rook", FIRST)
    assert "Page 2 of 2" in visible(html)
    assert '<span class="box current"' in html
    turned = Place(0, 1, View.PAGE, page=1)
    assert "Page 1 of 2" in visible(read(assistant, "birds.pdf", "rook", turned))


@pytest.mark.parametrize("wanted", ["-rook document:birds", "page:x rook"])
def test_what_can_not_be_looked_for_is_said_in_words(assistant: Assistant, wanted: str) -> None:
    html = read(assistant, "birds.txt", wanted, FIRST)
    assert "understood" in html or "no question" in html
    assert "The heron waits at dawn." in visible(html)


def test_nothing_found_is_said(assistant: Assistant) -> None:
    html = read(assistant, "birds.txt", '"penguins of the north"', FIRST)
    assert "Nothing in this document comes near that." in visible(html)


def test_the_tables_buttons_open_it(assistant: Assistant) -> None:
    readers = Readers(desk(assistant))

    def opened(**data: str) -> str:
        event = gr.EventData(None, data)
        return str(readers.open("", Thread(), gr.Request(), event)[0])

    assert "The rook of another wood." in opened(read=str(START), document="rook.txt")
    assert 'class="problem"' in opened(read=str(START), document="<b>gone</b>")
    found = opened(read=str(FIRST), document="birds.txt", wanted=HOSTILE)
    assert_inert(found)
