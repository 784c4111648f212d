"""Documents open at the evidence: as text, or as pages of a PDF, and never as something live."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from assistant.assistant import Assistant
from assistant.errors import CorruptDocument
from assistant.loading import isolation
from assistant.loading.pdf_pages import Picture
from assistant.types import Answer, Citation, Verdict
from assistant.web.conversation import Stage, Thread, begin, change
from assistant.web.keeping import UNFORESEEN
from assistant.web.reader import Reader, Readers
from assistant.web.reading import Place, View
from tests.fakes import FakeEncoder
from tests.loading.pdfs import set_pdf
from tests.web import samples
from tests.web.samples import HOSTILE, assert_inert, desk, refusal, visible

RAIN = "It rained on Monday. The river rose. Nobody was hurt."
PAGES = set_pdf(
    [
        [(72, 700, "The heron waits at dawn.")],
        [(72, 700, "It fishes until noon."), (72, 600, "Then it sleeps.")],
        [(72, 700, "Nothing else is known.")],
    ]
)


@pytest.fixture
def assistant(encoder: FakeEncoder, tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "rain.txt").write_text(RAIN)
    (tmp_path / "heron.pdf").write_bytes(PAGES)
    with Assistant.open(encoder=encoder) as assistant:
        assistant.add([tmp_path / "rain.txt", tmp_path / "heron.pdf"])
        yield assistant


def cite(assistant: Assistant, *quotes: tuple[str, str]) -> Answer:
    """Return an answer that cites these quotes, each of a document."""
    found: list[Citation] = []
    for mark, (name, quote) in enumerate(quotes, start=1):
        found.append(samples.citation(assistant.document(name), quote, mark))
    return samples.answer([(one.quote, Verdict.SUPPORTED, ()) for one in found], found)


def read(assistant: Assistant, answer: Answer, mark: int = 1, **place: Any) -> str:
    html = Reader(assistant).opened(answer, Place(1, mark, **place))
    assert_inert(html)
    return html


def buttons(html: str) -> dict[str, Place | None]:
    """Return where the buttons of the bar lead, by their names; None for nowhere."""
    found = re.findall(r'class="(?:go|more) (\w+)" (?:data-read="([^"]+)")?', html)
    return {name: Place.read(to) if to else None for name, to in found}


def test_all_evidence_of_the_answer_is_marked_and_one_is_the_current(
    assistant: Assistant,
) -> None:
    answer = cite(assistant, ("rain.txt", "The river rose."), ("rain.txt", "Nobody was hurt."))
    html = read(assistant, answer, 2)
    assert re.findall(r"<mark>(.*?)</mark>", html) == ["The river rose."]
    assert re.findall(r'<mark class="current">(.*?)</mark>', html) == ["Nobody was hurt."]
    assert "It rained on Monday." in visible(html)
    assert "Evidence 2 of 2" in visible(html)
    assert 'data-back="mark-1-2"' in html
    assert "<img" not in html


def test_the_evidence_before_and_after_may_be_in_another_document(assistant: Assistant) -> None:
    answer = cite(
        assistant,
        ("rain.txt", "The river rose."),
        ("heron.pdf", "It fishes until noon."),
        ("rain.txt", "It rained on Monday."),
    )
    first = read(assistant, answer, 3)
    assert "Evidence 1 of 3" in visible(first)
    assert buttons(first) == {"previous": None, "next": Place(1, 1)}
    second = read(assistant, answer, 1)
    assert buttons(second) == {"previous": Place(1, 3), "next": Place(1, 2)}
    third = read(assistant, answer, 2)
    assert "Heron" in visible(third)
    assert buttons(third)["next"] is None


def test_a_pdf_opens_at_the_page_with_the_sentence_in_boxes(assistant: Assistant) -> None:
    answer = cite(
        assistant, ("heron.pdf", "Then it sleeps."), ("heron.pdf", "It fishes until noon.")
    )
    html = read(assistant, answer, 1)
    assert 'src="data:image/png;base64,' in html
    assert 'alt="Page 2 of 3' in html
    [current] = re.findall(r'class="box current" style="left:([\d.]+)%;top:([\d.]+)%', html)
    assert 11 < float(current[0]) < 13
    assert 22 < float(current[1]) < 25
    assert len(re.findall(r'class="box"', html)) == 1
    assert buttons(html)["back"] == Place(1, 1, View.PAGE, 1)
    assert buttons(html)["on"] == Place(1, 1, View.PAGE, 3)


def test_pages_are_turned_to_the_last_and_no_further(assistant: Assistant) -> None:
    answer = cite(assistant, ("heron.pdf", "The heron waits at dawn."))
    assert buttons(read(assistant, answer))["back"] is None
    last = read(assistant, answer, view=View.PAGE, page=3)
    assert 'alt="Page 3 of 3' in last
    assert 'class="box' not in last
    assert buttons(last)["on"] is None
    assert 'alt="Page 3 of 3' in read(assistant, answer, view=View.PAGE, page=99)


def test_a_pdf_may_be_read_as_text_as_well(assistant: Assistant) -> None:
    answer = cite(assistant, ("heron.pdf", "It fishes until noon."))
    html = read(assistant, answer, view=View.TEXT)
    assert "<img" not in html
    assert '<mark class="current">It fishes until noon.</mark>' in html
    assert f'data-read="{Place(1, 1, View.PAGE, 2)}" aria-pressed="false"' in html


def test_of_a_file_that_changed_the_indexed_text_is_shown(
    assistant: Assistant, tmp_path: Path
) -> None:
    answer = cite(assistant, ("heron.pdf", "It fishes until noon."))
    (tmp_path / "heron.pdf").write_bytes(set_pdf([[(72, 700, "It fishes until one.")]]))
    html = read(assistant, answer)
    assert "changed since it was indexed" in visible(html)
    assert '<mark class="current">It fishes until noon.</mark>' in html
    assert "<img" not in html


def test_a_page_that_can_not_be_drawn_is_read_as_text(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise CorruptDocument("reading it crashed (SIGSEGV).")

    monkeypatch.setattr(isolation, "draw", fail)
    html = read(assistant, cite(assistant, ("heron.pdf", "It fishes until noon.")))
    assert "can’t be drawn: reading it crashed (SIGSEGV)." in visible(html)
    assert '<mark class="current">It fishes until noon.</mark>' in html


def test_where_nothing_can_be_marked_the_page_says_so(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As of a scan, whose words were read by OCR and stand nowhere in the file.
    monkeypatch.setattr(isolation, "draw", lambda *_: Picture(b"", 10, 10, ((),)))
    html = read(assistant, cite(assistant, ("heron.pdf", "It fishes until noon.")))
    assert "can’t be marked in its picture" in visible(html)


def test_evidence_that_moved_is_marked_where_it_is_now(
    assistant: Assistant, tmp_path: Path
) -> None:
    answer = cite(assistant, ("rain.txt", "The river rose."))
    (tmp_path / "rain.txt").write_text(f"At last. {RAIN} And so on.")
    assistant.add([tmp_path / "rain.txt"])
    html = read(assistant, answer)
    assert '<mark class="current">The river rose.</mark>' in html
    assert "At last." in visible(html)


def test_what_is_gone_is_shown_as_it_was_cited(assistant: Assistant) -> None:
    answer = cite(assistant, ("rain.txt", "The river rose."))
    assistant.remove("rain.txt")
    html = read(assistant, answer)
    assert "no longer in the index" in visible(html)
    assert "<mark>The river rose.</mark>" in html


def test_the_nearest_passages_of_a_refusal_carry_no_marks(assistant: Assistant) -> None:
    html = read(assistant, refusal(assistant.document("rain.txt")))
    assert f'<mark class="current">{RAIN}</mark>' in html
    assert "data-back" not in html


def test_a_long_document_is_shown_in_part(encoder: FakeEncoder, tmp_path: Path) -> None:
    text = " ".join(f"Sentence number {n} stands here." for n in range(3000))
    (tmp_path / "long.txt").write_text(text)
    with Assistant.open(encoder=encoder) as assistant:
        assistant.add([tmp_path / "long.txt"])
        answer = cite(assistant, ("long.txt", "Sentence number 1500 stands here."))
        html = read(assistant, answer)
        assert len(html) < 20_000
        earlier = buttons(html)["earlier"]
        assert earlier is not None
        more = read(assistant, answer, view=earlier.view, low=earlier.low, high=earlier.high)
        assert len(more) > len(html) + 10_000
        assert "Sentence number 1500" in more


def test_lines_of_source_code_are_kept(encoder: FakeEncoder, tmp_path: Path) -> None:
    (tmp_path / "wait.py").write_text("def wait(heron):\n    stand(heron)\n    return heron\n")
    with Assistant.open(encoder=encoder) as assistant:
        assistant.add([tmp_path / "wait.py"])
        answer = cite(assistant, ("wait.py", "return heron"))
        assert "def wait(heron):\n    stand(heron)\n" in visible(read(assistant, answer))


def test_a_hostile_document_is_shown_and_not_run(encoder: FakeEncoder, tmp_path: Path) -> None:
    name = "<img src=x onerror=alert(9)>.txt"
    (tmp_path / name).write_text(f"It rained.\n\n{HOSTILE}\n\nIt snowed.", encoding="utf-8")
    with Assistant.open(encoder=encoder) as assistant:
        assistant.add([tmp_path / name])
        quote = "[y](javascript:alert(2))"
        html = read(assistant, cite(assistant, (name, quote)))
        assert f'<mark class="current">{quote}</mark>' in html
        assert "<script>alert(1)</script>" in visible(html)
        assert "\u202e" not in html


def opened(assistant: Assistant, answer: Answer, to: str) -> tuple[Any, Any]:
    said = change(begin((), "Rain?"), stage=Stage.DONE, answer=answer)
    browser = "b" * 32
    thread = Thread(browser, f"browser {browser}", "", said)
    event = gr.EventData(None, {"read": to})
    return Readers(desk(assistant)).open(thread.place, thread, gr.Request(), event)


def test_a_button_opens_the_document_and_the_tab(assistant: Assistant) -> None:
    answer = cite(assistant, ("rain.txt", "The river rose."))
    html, tabs = opened(assistant, answer, str(Place(1, 1)))
    assert "The river rose." in html
    assert tabs.selected == "reader"


@pytest.mark.parametrize("to", ["", "2 1 any 0 0 0", "../../etc/passwd", "1 1 any 0 0 0 0"])
def test_what_leads_nowhere_opens_nothing(assistant: Assistant, to: str) -> None:
    answer = cite(assistant, ("rain.txt", "The river rose."))
    assert opened(assistant, answer, to) == (gr.skip(), gr.skip())


def test_an_unforeseen_error_is_told_and_logged(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret path /home/x")

    answer = cite(assistant, ("heron.pdf", "It fishes until noon."))
    monkeypatch.setattr(isolation, "draw", fail)
    html, _ = opened(assistant, answer, str(Place(1, 1)))
    assert UNFORESEEN.split(";")[0] in html
    assert "secret" not in html
    assert "secret path" in caplog.text
