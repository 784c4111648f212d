"""Question sets are read in every format, and what is wrong with one is named."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.loading import find_files, load
from assistant.types import Span, Turn
from eval.errors import QuestionSetError
from eval.formats import SETS, load_set
from eval.formats.written import cleaned, folder_for, name_of_id, names_of_titles, slug
from eval.questions import Gold, Question, QuestionSet
from tests.strategies import nasty_text

FIELD = {"id": "1", "question": "Who?", "answerable": True}
TRICKS = ("../../etc/passwd", "/etc/passwd", "..", ".", ".hidden", "a\0b", "C:\\x", "x" * 500, " ")


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def lines(*rows: Any) -> str:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def fault(path: Path | str, tmp_path: Path, documents: Path | None = None) -> str:
    with pytest.raises(QuestionSetError) as caught:
        load_set(path, work=tmp_path / "work", documents=documents)
    return str(caught.value)


def only(questions: QuestionSet) -> Question:
    (question,) = questions.questions
    return question


# -- our own -------------------------------------------------------------------------------------


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    put(tmp_path / "tides" / "documents" / "tides.txt", "The moon pulls the sea.")
    put(tmp_path / "tides" / "documents" / "deep" / "more.md", "The sun pulls as well.")
    rows = (
        FIELD
        | {"answers": ["the moon", "moon", "moon"], "document": "tides.txt", "spans": [[0, 8]]}
        | {"also": [{"document": "deep/more.md", "pages": [2, 3]}], "type": "who"}
        | {"history": [{"role": "user", "text": "Hi"}, {"role": "assistant", "text": "Yes?"}]},
        {"id": 2, "question": " Why? ", "answerable": False, "document": "tides.txt", "spans": []},
        FIELD | {"id": "3", "kind": "how", "type": "other", "document": None, "answers": None},
    )
    put(tmp_path / "tides" / "questions.jsonl", "\ufeff" + lines(*rows).replace("\n", "\r\n\n"))
    return tmp_path / "tides"


def test_our_own_set_keeps_everything(ours: Path, tmp_path: Path) -> None:
    assert load_set(ours, work=tmp_path / "work") == QuestionSet(
        "tides",
        ours / "questions.jsonl",
        ours / "documents",
        (
            Question(
                "1",
                "Who?",
                answerable=True,
                answers=("the moon", "moon"),
                gold=(
                    Gold("tides.txt", (Span(0, 8),)),
                    Gold("deep/more.md", pages=(2, 3)),
                ),
                history=(Turn("user", "Hi"), Turn("assistant", "Yes?")),
                kind="who",
            ),
            Question("2", "Why?", answerable=False),
            Question("3", "Who?", answerable=True, kind="how"),
        ),
    )
    assert not (tmp_path / "work").exists()


def test_a_file_of_questions_alone_is_read(ours: Path, tmp_path: Path) -> None:
    assert load_set(str(ours / "questions.jsonl"), work=tmp_path) == load_set(ours, work=tmp_path)
    alone = put(tmp_path / "alone" / "sea.jsonl", (ours / "questions.jsonl").read_bytes())
    read = load_set(alone, work=tmp_path)
    assert (read.name, read.source, read.documents) == ("sea", alone, None)
    given_ = load_set(alone, work=tmp_path, documents=ours / "documents")
    assert given_.documents == ours / "documents"
    assert given_.questions == read.questions


def test_given_documents_stand_in_for_those_beside(ours: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    put(other / "tides.txt", "Otherwise.")
    said = fault(ours, tmp_path, documents=other)
    assert "'deep/more.md'" in said
    assert str(other) in said
    put(other / "deep" / "more.md", "As well.")
    assert load_set(ours, work=tmp_path, documents=other).documents == other


def test_a_set_that_comes_along_is_found_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merida = load_set("merida", work=tmp_path)
    assert merida.name == "merida"
    assert merida.documents == SETS / "merida" / "documents"
    assert len(merida.questions) == 116
    assert sum(question.answerable for question in merida.questions) == 96
    assert all(question.kind for question in merida.questions)
    monkeypatch.chdir(SETS / "merida")
    assert load_set(".", work=tmp_path).name == "merida"


@pytest.mark.parametrize("name", ["nowhere", "a\0b", "x" * 5000, "#", "nowhere#dev", "x/merida"])
def test_a_set_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    said = fault(name, tmp_path)
    assert repr(name)[1:-1] in said
    assert "Check the path" in said or "merida" in said


BAD_LINES: list[tuple[Any, str]] = [
    ("{", "column 2: no JSON (Expecting property name enclosed in double quotes)"),
    ("[" * 100_000, "recursion"),
    ('{"id": ' + "1" * 5000 + "}", "integer string conversion"),
    ([], "the line is a list of 0, not an object"),
    ({"question": "Who?", "answerable": True}, '"id" is missing'),
    ({"id": "1", "answerable": True}, '"question" is missing'),
    ({"id": "1", "question": "Who?"}, '"answerable" is missing'),
    (FIELD | {"id": True}, '"id" is true, not a text'),
    (FIELD | {"id": " "}, '"id" is empty'),
    (FIELD | {"question": 7}, '"question" is 7, not a text'),
    (FIELD | {"question": "\t"}, '"question" is empty'),
    (FIELD | {"answerable": "true"}, '"answerable" is "true"'),
    (FIELD | {"answerable": 1}, '"answerable" is 1'),
    (FIELD | {"answers": "moon"}, '"answers" is "moon", not a list'),
    (FIELD | {"answers": [["moon"]]}, 'a text in "answers" is a list of 1'),
    (FIELD | {"answers": [None]}, 'a text in "answers" is null'),
    (FIELD | {"answers": [""]}, 'a text in "answers" is empty'),
    (FIELD | {"document": {}}, '"document" is an object, not a text'),
    (FIELD | {"spans": [[0, 1]]}, '"document" is missing, though spans'),
    (FIELD | {"document": "d", "spans": [[1]]}, "a span is a list of 1"),
    (FIELD | {"document": "d", "spans": [[0, "9"]]}, 'an offset of a span is "9"'),
    (FIELD | {"document": "d", "spans": [[-1, 9]]}, "an offset of a span is -1"),
    (FIELD | {"document": "d", "spans": [[False, 9]]}, "an offset of a span is false"),
    (FIELD | {"document": "d", "spans": [[4, 4]]}, "the span [4, 4] is empty or backwards"),
    (FIELD | {"document": "d", "pages": [0]}, "a page is 0"),
    (FIELD | {"document": "d", "pages": 3}, '"pages" is 3, not a list'),
    (FIELD | {"also": ["d"]}, 'a place in "also" is "d", not an object'),
    (FIELD | {"also": [{"pages": [1]}]}, '"document" is missing'),
    (FIELD | {"answerable": False, "document": "d", "spans": [[0, 1]]}, "gold evidence is given"),
    (FIELD | {"answerable": False, "document": "d", "pages": [1]}, "gold evidence is given"),
    (FIELD | {"answerable": False, "also": [{"document": "d"}]}, "gold evidence is given"),
    (FIELD | {"history": [{"role": "system", "text": "x"}]}, '"role" is "system"'),
    (FIELD | {"history": [{"role": "user"}]}, '"text" is missing'),
    (FIELD | {"history": ["Hi"]}, 'a turn in "history" is "Hi"'),
    (FIELD | {"kind": ["who"]}, '"kind" is a list of 1'),
    (FIELD | {"kind": "x" * 999, "type": 1, "id": ""}, '"id" is empty'),
    (b'{"id": "\xff"}', "it is not UTF-8 (byte 0xff)"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES)
def test_a_malformed_line_is_named(line: Any, reason: str, tmp_path: Path) -> None:
    bad = line if isinstance(line, str | bytes) else lines(line)
    bad = bad.encode() if isinstance(bad, str) else bad
    path = put(tmp_path / "set.jsonl", lines(FIELD | {"id": "0"}).encode() + b"\n" + bad)
    said = fault(path, tmp_path)
    assert said.startswith(f"{path}, line 3: ")
    assert reason in said
    assert said.endswith(".")
    assert len(said) < 500


def test_an_id_that_comes_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    path = put(tmp_path / "set.jsonl", lines(FIELD, FIELD | {"id": "2"}, FIELD | {"id": 1}))
    assert fault(path, tmp_path).startswith(
        f"{path}, line 3: the id '1' is taken by {path}, line 1."
    )


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_a_set_without_questions_is_no_set(content: str, tmp_path: Path) -> None:
    assert "holds no questions" in fault(put(tmp_path / "set.jsonl", content), tmp_path)


def test_gold_documents_that_are_missing_are_named_three_at_most(
    ours: Path, tmp_path: Path
) -> None:
    rows = [FIELD | {"id": n, "document": f"../documents/{n}.txt"} for n in range(5)]
    put(ours / "questions.jsonl", lines(*rows, FIELD | {"id": 9, "document": "tides.txt"}))
    said = fault(ours, tmp_path)
    assert "'../documents/0.txt', '../documents/1.txt', '../documents/2.txt' and 2 more." in said
    put(ours / "questions.jsonl", lines(rows[0]))
    assert "'../documents/0.txt'. " in fault(ours, tmp_path)


def test_a_folder_of_documents_has_to_be_one_with_documents(ours: Path, tmp_path: Path) -> None:
    assert "is no folder" in fault(ours, tmp_path, documents=tmp_path / "nowhere")
    put(tmp_path / "bare" / "picture.png", "x")
    assert "holds no documents" in fault(ours, tmp_path, documents=tmp_path / "bare")


def test_half_a_surrogate_pair_does_not_get_in(tmp_path: Path) -> None:
    row = lines(FIELD).replace("Who?", r"Who\ud800?")
    path = put(tmp_path / "set.jsonl", row)
    assert only(load_set(path, work=tmp_path)).text == "Who??"
    said = fault(put(path, row.replace("true", r'"\ud800"')), tmp_path)
    assert said.encode("utf-8")


@pytest.mark.parametrize("name", ["notes.txt", "folder/readme.md"])
def test_what_is_no_set_is_told_what_is_one(name: str, tmp_path: Path) -> None:
    path = put(tmp_path / name, "x")
    for given_ in {path, path.parent}:
        said = fault(given_, tmp_path)
        assert repr(str(given_)) in said
        assert "questions.jsonl" in said
        assert "qrels" in said


def test_a_place_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    put(tmp_path / "work", "a file, no folder")
    said = fault(squad_file(tmp_path, article("A", ("x", [ask("x", 0)]))), tmp_path)
    assert str(tmp_path / "work") in said


# -- SQuAD ---------------------------------------------------------------------------------------


def ask(text: str, start: Any, id_: str = "q", **more: Any) -> dict[str, Any]:
    answers = [{"text": text, "answer_start": start}]
    return {"id": id_, "question": " What? ", "answers": answers} | more


def article(title: Any, *paragraphs: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {"title": title, "paragraphs": [{"context": c, "qas": qas} for c, qas in paragraphs]}


def squad_file(folder: Path, *articles: Any) -> Path:
    return put(folder / "dev.json", json.dumps({"version": "v2.0", "data": articles}))


def written(set_: QuestionSet) -> dict[str, str]:
    """Return the text of each document of a set, as the program loads it."""
    assert set_.documents is not None
    found = find_files([set_.documents])
    assert not found.skipped
    return {name: load(path, name).text for path, name in found.files}


def test_squad_articles_become_documents(tmp_path: Path) -> None:
    impossible = {"id": "none", "question": "Mars?", "is_impossible": True, "answers": []}
    impossible["plausible_answers"] = [{"text": "moon", "answer_start": 4}]
    twice = ask("moon", 4, "b", is_impossible=False)
    twice["answers"] += [
        {"text": "the sea", "answer_start": 15},
        {"text": "moon", "answer_start": 4},
        {"text": "The moon", "answer_start": 0},
    ]
    path = squad_file(
        tmp_path,
        article("Tide_and_Time", ("Vögel 😀\r\nfly.", [ask("fly", 9, "a")])),
        article("Earth's moon", ("First.", []), ("The moon pulls the sea.", [twice, impossible])),
    )
    read = load_set(path, work=tmp_path / "work")
    assert (read.name, read.source) == ("dev", path)
    assert written(read) == {
        "Tide_and_Time.txt": "Vögel 😀\nfly.",
        "Earth-s-moon.txt": "First.\n\nThe moon pulls the sea.",
    }
    spans = (Span(8, 16), Span(12, 16), Span(23, 30))
    assert read.questions == (
        Question("a", "What?", True, ("fly",), (Gold("Tide_and_Time.txt", (Span(8, 11),)),)),
        Question(
            "b", "What?", True, ("moon", "the sea", "The moon"), (Gold("Earth-s-moon.txt", spans),)
        ),
        Question("none", "Mars?", False, kind="adversarial"),
    )


rough_text = st.lists(
    st.one_of(
        nasty_text, st.sampled_from(["\r\n", "\r", "\0", "\x07", "\ud83d", "\r\0\n", "%PDF-"])
    )
).map("".join)


@st.composite
def paragraphs(draw: st.DrawFn) -> list[tuple[str, list[tuple[int, int]]]]:
    """Draw paragraphs, each with some stretches of it that are no blanks once cleaned."""
    found = []
    for context in draw(st.lists(rough_text, min_size=1, max_size=4)):
        offset = st.integers(0, len(context))
        pairs = draw(st.lists(st.tuples(offset, offset).map(sorted), max_size=4))
        spans = [(start, end) for start, end in pairs if cleaned(context[start:end]).strip()]
        found.append((context, spans))
    return found


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=paragraphs(), title=st.text(max_size=70))
def test_squad_spans_hold_the_answers_in_the_document_as_loaded(
    drawn: list[tuple[str, list[tuple[int, int]]]],
    title: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    tmp_path = tmp_path_factory.mktemp("squad")
    rows = [
        (context, [ask(context[s:e], s, f"{p}-{s}-{e}-{n}") for n, (s, e) in enumerate(spans)])
        for p, (context, spans) in enumerate(drawn)
    ]
    sure = ("The end.", [ask("The end.", 0, "last")])
    read = load_set(squad_file(tmp_path, article(title, *rows, sure)), work=tmp_path / "work")
    ((name, text),) = written(read).items()
    assert text == "\n\n".join(cleaned(context) for context, _ in [*rows, sure])
    assert len(read.questions) == 1 + sum(len(spans) for _, spans in drawn)
    for question in read.questions:
        (gold,) = question.gold
        assert gold.document == name
        (span,) = gold.spans
        assert (text[span.start : span.end],) == question.answers


@given(text=rough_text)
def test_a_cleaned_text_stays_as_it_is(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert not set(cleaned(text)) & set("\0\r\ufeff\ud83d")


def test_an_answer_may_begin_inside_a_line_end(tmp_path: Path) -> None:
    path = squad_file(
        tmp_path, article("A", ("one\r\ntwo", [ask("\ntwo", 4), ask("one\r", 0, "r")]))
    )
    read = load_set(path, work=tmp_path / "work")
    assert [question.answers for question in read.questions] == [("\ntwo",), ("one\n",)]
    assert [question.gold[0].spans for question in read.questions] == [((3, 7),), ((0, 4),)]


def test_squad_articles_of_one_title_get_their_own_documents(tmp_path: Path) -> None:
    titles = ["Sea", "sea", "Sea!", "", None, *TRICKS]
    articles = [
        article(title, (f"Text {n}.", [ask("Text", 0, str(n))])) for n, title in enumerate(titles)
    ]
    read = load_set(squad_file(tmp_path, *articles), work=tmp_path / "work")
    texts = written(read)
    for number, question in enumerate(read.questions):
        assert texts[question.gold[0].document] == f"Text {number}."
    assert [question.gold[0].document for question in read.questions[:5]] == [
        "Sea.txt", "sea-2.txt", "Sea-3.txt", "article-4.txt", "article-5.txt",
    ]  # fmt: skip
    assert not [path for path in tmp_path.rglob("*passwd*") if "work" not in path.parts]


def test_a_squad_article_without_text_is_left_out(tmp_path: Path) -> None:
    impossible = {"id": "none", "question": "Mars?", "is_impossible": True, "answers": []}
    path = squad_file(
        tmp_path,
        article("Empty", ("\0 \n", [impossible])),
        article("Bare"),
        article("Full", ("x", [ask("x", 0)])),
    )
    read = load_set(path, work=tmp_path / "work")
    assert [question.id for question in read.questions] == ["none", "q"]
    assert written(read) == {"Full.txt": "x"}


BAD_QUESTIONS: list[tuple[Any, str]] = [
    (ask("moon", 5), 'does not match the answer "moon": the paragraph has "oon." there'),
    (ask("moon", 400), 'the paragraph has "" there'),
    (ask("moon", -8), '"answer_start" is -8'),
    (ask("moon", "4"), '"answer_start" is "4"'),
    (ask(" ", 3), "the text of an answer is empty"),
    (ask("", 3), "the text of an answer is empty"),
    (ask("moon", 4) | {"answers": []}, "it has no answers"),
    (ask("moon", 4) | {"answers": {"text": ["moon"]}}, '"answers" is an object, not a list'),
    (ask("moon", 4) | {"answers": ["moon"]}, 'an answer is "moon", not an object'),
    (ask("moon", 4) | {"answers": [{"text": 4, "answer_start": 4}]}, "the text of an answer is 4"),
    (ask("moon", 4) | {"answers": [{"text": "moon"}]}, '"answer_start" is missing'),
    (ask("moon", 4, is_impossible=True), '"is_impossible" is true, but "answers" are given'),
    (ask("moon", 4, is_impossible="no"), '"is_impossible" is "no"'),
    (ask("moon", 4, question=None), '"question" is null'),
    (ask("moon", 4, id_="before"), "is taken by"),
]


@pytest.mark.parametrize(("question", "reason"), BAD_QUESTIONS)
def test_a_malformed_squad_question_is_named(question: Any, reason: str, tmp_path: Path) -> None:
    good = ask("moon", 4, "before")
    path = squad_file(
        tmp_path,
        article("A", ("x", [])),
        article("Moon", ("x", []), ("The moon.", [good, question])),
    )
    said = fault(path, tmp_path)
    place = f"{path}, article 2 ('Moon'), paragraph 2, question {question['id']!r}: "
    assert said.startswith(place)
    assert reason in said
    assert not (tmp_path / "work").exists()


BAD_JSON: list[tuple[str | bytes, str]] = [
    ("", "is empty"),
    ("\n", "is empty"),
    ('{\n"data": [,]}', "line 2, column 10: no JSON"),
    (b'{"data":\n "\xe4"}', ", line 2: it is not UTF-8 (byte 0xe4)"),
    ("[]", "the whole is a list of 0, not an object"),
    ("{}", '"data" is missing'),
    ('{"data": {}}', '"data" is an object, not a list'),
    ('{"data": []}', "holds no questions"),
    ('{"data": ["x"]}', 'article 1: it is "x", not an object'),
    ('{"data": [{"title": 4}]}', 'article 1: "title" is 4, not a text'),
    ('{"data": [{"title": "A", "paragraphs": 4}]}', """1 ('A'): "paragraphs" is 4, not a list"""),
    ('{"data": [{"title": "A", "paragraphs": [[]]}]}', "paragraph 1: it is a list of 0"),
    ('{"data": [{"paragraphs": [{}]}]}', """('article-1'), paragraph 1: "context" is missing"""),
    ('{"data": [{"paragraphs": [{"context": 1}]}]}', '"context" is 1, not a text'),
    ('{"data": [{"paragraphs": [{"context": "", "qas": ""}]}]}', '"qas" is "", not a list'),
    ('{"data": [{"paragraphs": [{"context": "", "qas": [1]}]}]}', "question 1: it is 1"),
    ('{"data": [{"paragraphs": [{"context": "", "qas": [{}]}]}]}', 'question 1: "id" is missing'),
]


@pytest.mark.parametrize(("content", "reason"), BAD_JSON)
def test_a_malformed_squad_file_is_named(content: str | bytes, reason: str, tmp_path: Path) -> None:
    path = put(tmp_path / "dev.json", content)
    said = fault(path, tmp_path)
    assert said.startswith(str(path))
    assert reason in said


# -- the folder that is written ------------------------------------------------------------------


def test_written_documents_are_used_again_until_the_source_changes(tmp_path: Path) -> None:
    path = squad_file(tmp_path, article("A", ("x", [ask("x", 0)])))
    work = tmp_path / "deep" / "work"
    first = load_set(path, work=work)
    assert first.documents is not None
    (first.documents / "A.txt").write_text("x marks")
    assert load_set(path, work=work) == first
    assert (first.documents / "A.txt").read_text() == "x marks"
    squad_file(tmp_path, article("A", ("y", [ask("y", 0)])))
    second = load_set(path, work=work)
    assert written(second) == {"A.txt": "y"}
    assert {folder.name for folder in work.iterdir()} == {
        first.documents.parent.name,
        second.documents.parent.name if second.documents else "",
    }
    assert all(folder.name.startswith("dev-") for folder in work.iterdir())


def test_what_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    source = put(tmp_path / "source", "x")

    def write(folder: Path) -> None:
        put(folder / "documents" / "half.txt", "x")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder_for(tmp_path / "work", "set", source, write)
    assert list((tmp_path / "work").iterdir()) == []


def test_of_two_that_write_at_once_the_first_wins(tmp_path: Path) -> None:
    source = put(tmp_path / "source", "x")

    def first(folder: Path) -> None:
        put(folder / "documents" / "a.txt", "first")

    def second(folder: Path) -> None:
        put(folder / "documents" / "a.txt", "second")
        folder_for(tmp_path / "work", "set", source, first)

    made = folder_for(tmp_path / "work", "set", source, second)
    assert (made / "documents" / "a.txt").read_text() == "first"
    assert list((tmp_path / "work").iterdir()) == [made]


@given(titles=st.lists(st.one_of(st.text(), st.sampled_from(["a", "A", "a-2", *TRICKS]))))
def test_names_of_documents_are_safe_and_their_own(titles: list[str]) -> None:
    names = names_of_titles(titles)
    by_id = [name_of_id(title) for title in dict.fromkeys(titles)]
    for found in (names, by_id):
        assert len({name.casefold() for name in found}) == len(found)
    assert len(names) == len(titles)
    for name in [*names, *by_id]:
        assert name == Path(name).name
        assert not name.startswith((".", "-"))
        assert not set(name) & set('/\\:\0\n*?"<>|')
        assert len(name.encode("utf-8", "surrogatepass")) <= 255


def test_names_stay_readable() -> None:
    assert names_of_titles(["Super_Bowl_50", "Côte d’Ivoire", "木星"]) == [
        "Super_Bowl_50.txt", "Côte-d-Ivoire.txt", "木星.txt",
    ]  # fmt: skip
    assert name_of_id("doc-31") == "doc-31.txt"
    assert name_of_id("MED-10").startswith("MED-10-")
    assert slug("...") == "unnamed"


# -- BEIR ----------------------------------------------------------------------------------------

HEADER = "query-id\tcorpus-id\tscore\n"


class Beir(NamedTuple):
    """The parts of a small set, to be spoilt one by one."""

    folder: Path
    corpus: Path
    queries: Path
    test: Path


@pytest.fixture
def beir(tmp_path: Path) -> Beir:
    folder = tmp_path / "sea"
    corpus = (
        {"_id": "d1", "title": " Tides ", "text": "The moon\r\npulls.", "metadata": {}},
        {"_id": "MED/2", "title": "", "text": "The sun as well."},
        {"_id": 3, "text": "Neither."},
        {"_id": "empty", "title": " ", "text": "\0\n"},
    )
    queries = ({"_id": f"q{n}", "text": f"Query {n}? "} for n in range(1, 6))
    judged = (
        "q2\td1\t1\nq1\td1\t2\nq1\tMED/2\t1\nq1\t3\t0\n"
        "q3\t3\t0\nq3\td1\t-1\nq4\tempty\t1\nq2\tempty\t1\n"
    )
    put(folder / "qrels" / "dev.tsv", f"{HEADER}q5\t3\t1\n")
    return Beir(
        folder,
        put(folder / "corpus.jsonl", lines(*corpus)),
        put(folder / "queries.jsonl", lines(*queries)),
        put(folder / "qrels" / "test.tsv", (HEADER + judged).replace("\n", "\r\n")),
    )


def test_beir_asks_what_has_a_relevant_document(beir: Beir, tmp_path: Path) -> None:
    read = load_set(beir.folder, work=tmp_path / "work")
    sun = name_of_id("MED/2")
    assert sun.startswith("MED-2-")
    assert (read.name, read.source) == ("sea", beir.folder)
    assert written(read) == {
        "d1.txt": "Tides\n\nThe moon\npulls.",
        sun: "The sun as well.",
        "3.txt": "Neither.",
    }
    assert read.questions == (
        Question("q1", "Query 1?", True, gold=(Gold("d1.txt", grade=2), Gold(sun))),
        Question("q2", "Query 2?", True, gold=(Gold("d1.txt"),)),
    )
    assert load_set(str(beir.folder), work=tmp_path / "work") == read


def test_beir_splits_share_their_documents(beir: Beir, tmp_path: Path) -> None:
    work = tmp_path / "work"
    dev = load_set(f"{beir.folder}#dev", work=work)
    assert (dev.name, dev.source) == ("sea-dev", beir.folder)
    assert only(dev) == Question("q5", "Query 5?", True, gold=(Gold("3.txt"),))
    assert dev.documents == load_set(beir.folder, work=work).documents
    said = fault(f"{beir.folder}#train", tmp_path)
    assert "no split 'train'" in said
    assert "there are: dev, test." in said
    beir.test.unlink()
    assert load_set(beir.folder, work=work).questions == dev.questions
    put(beir.folder / "qrels" / "train.tsv", HEADER)
    assert "several splits, and none is called test" in fault(beir.folder, tmp_path)
    for path in (beir.folder / "qrels").iterdir():
        path.unlink()
    assert "holds no .tsv file" in fault(beir.folder, tmp_path)


def test_a_split_of_what_has_none_is_refused(ours: Path, tmp_path: Path) -> None:
    assert "is no BEIR folder. Leave out #dev." in fault(f"{ours}#dev", tmp_path)


def test_a_folder_may_have_a_hash_in_its_name(beir: Beir, tmp_path: Path) -> None:
    folder = beir.folder.rename(tmp_path / "sea #dev")
    assert load_set(folder, work=tmp_path / "work").name == "sea #dev"
    assert load_set(f"{folder}#dev", work=tmp_path / "work").name == "sea #dev-dev"


def test_ids_can_not_lead_out_of_the_folder(beir: Beir, tmp_path: Path) -> None:
    ids = [trick for trick in TRICKS if trick.strip()]
    put(beir.corpus, lines(*({"_id": id_, "title": "", "text": f"Of {id_!r}."} for id_ in ids)))
    put(beir.test, HEADER + "".join(f"q1\t{id_}\t1\n" for id_ in ids))
    before = {path for path in tmp_path.rglob("*") if "work" not in path.parts}
    read = load_set(beir.folder, work=tmp_path / "work")
    texts = written(read)
    assert [texts[gold.document] for gold in only(read).gold] == [f"Of {id_!r}." for id_ in ids]
    assert {path for path in tmp_path.rglob("*") if "work" not in path.parts} == before


@settings(deadline=None)
@given(title=rough_text, text=rough_text)
def test_beir_documents_load_as_they_were_given(
    title: str, text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("beir")
    put(folder / "corpus.jsonl", json.dumps({"_id": "d", "title": title, "text": f"{text}."}))
    put(folder / "queries.jsonl", lines({"_id": "q", "text": "Query?"}))
    put(folder / "qrels" / "test.tsv", f"{HEADER}q\td\t1\n")
    whole = f"{title.strip()}\n\n{text}." if title.strip() else f"{text}."
    assert written(load_set(folder, work=folder / "work")) == {"d.txt": cleaned(whole)}


def test_a_large_corpus_is_not_held(beir: Beir, tmp_path: Path) -> None:
    entries = [{"_id": f"d{n}", "title": "Tides", "text": f"{n} " * 20_000} for n in range(1, 401)]
    put(beir.corpus, lines(*entries))
    put(beir.test, f"{HEADER}q1\td400\t1\n")
    del entries
    tracemalloc.start()
    try:
        read = load_set(beir.folder, work=tmp_path / "work")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert only(read).gold == (Gold("d400.txt"),)
    assert beir.corpus.stat().st_size > 25_000_000
    assert peak < 3_000_000


BAD_BEIR: list[tuple[str, str | bytes, str]] = [
    ("corpus", "{", "corpus.jsonl, line 1: column 2: no JSON"),
    ("corpus", "7", "corpus.jsonl, line 1: the line is 7, not an object"),
    ("corpus", lines({"text": "x"}), '"_id" is missing'),
    ("corpus", lines({"_id": "d1"}), 'line 1: "text" is missing'),
    ("corpus", lines({"_id": "d1", "text": ["x"]}), '"text" is a list of 1'),
    ("corpus", lines({"_id": "d1", "title": 4, "text": "x"}), '"title" is 4'),
    ("corpus", lines(*[{"_id": "d1", "text": "x"}] * 2), """line 2: "_id" 'd1' was there before"""),
    ("corpus", b'{}\n"\xff"', 'line 1: "_id" is missing'),
    ("corpus", b'\n"\xff"', "line 2: it is not UTF-8"),
    ("corpus", "", "not in corpus.jsonl: 'd1', 'empty', 'MED/2'. Add them"),
    ("queries", "[]", "queries.jsonl, line 1: the line is a list of 0"),
    ("queries", lines({"_id": "q1", "text": 4}), 'line 1: "text" is 4'),
    ("queries", lines({"_id": "q1", "text": ""}), 'line 1: "text" is empty'),
    ("queries", lines(*[{"_id": "q1", "text": "x"}] * 2), "queries.jsonl, line 2: the id 'q1'"),
    ("queries", lines({"_id": "q1", "text": "x"}), "not in queries.jsonl: 'q2'. Add them"),
    ("test", "", "holds no judgements"),
    ("test", HEADER, "holds no judgements"),
    ("test", "q1\td1\t1\n", "test.tsv, line 1: the header line is missing"),
    ("test", f"{HEADER}q1\td1\tyes\n", 'test.tsv, line 2: the score is "yes"'),
    ("test", f"{HEADER}q1\td1\t1.5\n", 'the score is "1.5"'),
    ("test", f"{HEADER}q1\td1\t{'9' * 5000}\n", "the score is"),
    ("test", f"{HEADER}q1 d1 1\n", "is no judgement"),
    ("test", f"{HEADER}q1\t0\td1\t1\n", "is no judgement"),
    ("test", f"{HEADER}q1\t\t1\n", "is no judgement"),
    ("test", f"{HEADER}q1\td1\t1\n\nq1\td1\t2\n", "line 4: 'd1' was judged otherwise"),
    ("test", f"{HEADER}q1\td1\t0\n", "holds no questions"),
    ("test", f"{HEADER}q1\tnone\t1\n", "not in corpus.jsonl: 'none'. Add them"),
    (
        "test",
        HEADER + "".join(f"q1\tx{n}\t1\n" for n in range(1005)),
        "'x0', 'x1', 'x2' and 1,002 more",
    ),
    ("test", HEADER.encode() + b"q1\t\xff\t1", "test.tsv, line 2: it is not UTF-8"),
]


@pytest.mark.parametrize(("part", "content", "reason"), BAD_BEIR)
def test_a_malformed_beir_file_is_named(
    part: str, content: str | bytes, reason: str, beir: Beir, tmp_path: Path
) -> None:
    put(getattr(beir, part), content)
    said = fault(beir.folder, tmp_path)
    assert reason in said
    assert str(beir.folder) in said
    assert said.endswith(".")


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl"])
def test_a_beir_folder_that_lacks_a_file_is_told_so(name: str, beir: Beir, tmp_path: Path) -> None:
    (beir.folder / name).unlink()
    assert f"lacks {name}" in fault(beir.folder, tmp_path)


def test_sets_that_bring_their_texts_take_no_documents(beir: Beir, tmp_path: Path) -> None:
    for path in (beir.folder, squad_file(tmp_path, article("A", ("x", [ask("x", 0)])))):
        assert "Leave the folder out" in fault(path, tmp_path, documents=beir.folder)


# -- tables --------------------------------------------------------------------------------------


def test_a_table_of_questions_and_answers_is_enough(tmp_path: Path) -> None:
    path = put(tmp_path / "sea.csv", "\ufeffQuestion,ANSWER\r\nWho?,moon\r\n\r\nWhy?, gravity \r\n")
    assert load_set(path, work=tmp_path) == QuestionSet(
        "sea",
        path,
        None,
        (Question("1", "Who?", True, ("moon",)), Question("2", "Why?", True, ("gravity",))),
    )


def test_every_column_of_a_table_is_read(ours: Path, tmp_path: Path) -> None:
    path = put(
        tmp_path / "sea.csv",
        "id,Kind, Question ,answers,document,pages,answerable,remark\n"
        'a,who,"Who, then?","[""the moon"", ""a \\""moon\\"""", ""the moon""]",'
        "tides.txt,3;5,Yes,x\n"
        'b,why,"Why\nthen?",moon | the sun,deep/more.md,,TRUE,\n'
        "c,near,Mars?,,tides.txt,,no,\n"
        "d,,Venus?,Not in here,,,0\n"
        "e,,Where?,,tides.txt,\n",
    )
    read = load_set(path, work=tmp_path, documents=ours / "documents")
    assert read.documents == ours / "documents"
    moon = ("the moon", 'a "moon"')
    assert read.questions == (
        Question("a", "Who, then?", True, moon, (Gold("tides.txt", pages=(3, 5)),), kind="who"),
        Question("b", "Why\nthen?", True, ("moon", "the sun"), (Gold("deep/more.md"),), kind="why"),
        Question("c", "Mars?", False, kind="near"),
        Question("d", "Venus?", False, ("Not in here",)),
        Question("e", "Where?", True, (), (Gold("tides.txt"),)),
    )


@pytest.mark.parametrize(
    ("name", "delimiter"), [("a.csv", ","), ("a.csv", ";"), ("a.csv", "\t"), ("a.csv", "|"),
                            ("a.tsv", "\t"), ("A.TSV", "\t")]
)  # fmt: skip
def test_the_delimiter_is_found_by_the_header(name: str, delimiter: str, tmp_path: Path) -> None:
    header = delimiter.join(['"question"', "page", "document", "answer"])
    row = delimiter.join(["Who?; or, not", "2", "d.txt", '"the, moon; or ""|"" tide"'])
    if delimiter in ",;":
        row = row.replace("Who?; or, not", '"Who?; or, not"')
    question = only(load_set(put(tmp_path / name, f"{header}\n{row}\n"), work=tmp_path))
    assert (question.text, question.answers) == ("Who?; or, not", ('the, moon; or "|" tide',))
    assert question.gold == (Gold("d.txt", pages=(2,)),)


def test_a_table_finds_the_documents_beside_it(ours: Path, tmp_path: Path) -> None:
    path = put(ours / "sea.csv", "question,answer,document\nWho?,moon,moon.txt\n")
    assert "'moon.txt'" in fault(path, tmp_path)
    put(path, "question,answer,document\nWho?,moon,deep/more.md\n")
    assert load_set(path, work=tmp_path).documents == ours / "documents"


# A bar would part answers.
cells = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0|"), min_size=1
).filter(str.strip)


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t|"),
)
def test_any_quoted_text_is_read_from_a_table(
    rows: list[tuple[str, str]], delimiter: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    content = "\n".join(delimiter.join(map(quoted, row)) for row in [("question", "answer"), *rows])
    path = put(tmp_path_factory.mktemp("table") / "any.csv", content)
    read = load_set(path, work=path.parent)
    assert [(question.text, question.answers) for question in read.questions] == [
        (question.strip(), (answer.strip(),)) for question, answer in rows
    ]


BAD_TABLES: list[tuple[str | bytes, str]] = [
    ("", " is empty"),
    (" \n\n", " is empty"),
    (",,\n,,\n", "line 1: columns named question and answer are needed; there are: none"),
    ("q;a\nWho?;moon\n", "line 1: columns named question and answer are needed; there are: q, a"),
    ("question\nWho?\n", "there are: question. Rename"),
    ("\n\nanswer,text\n", "line 3: columns named"),
    ("question,answer,Answer\n", "line 1: the column 'answer' is there twice"),
    ("question,answer\n", "holds no questions"),
    ("question,answer\n,moon\n", "line 2: question is empty"),
    ("question,answer\nWho?,\n", "line 2: it has no answer"),
    ("question,answer\nWho?\n", "line 2: it has no answer"),
    ("question,answer\nWho?,a,b\n", "line 2: it has 3 cells, the header has 2"),
    ('question,answer\n"Who\nis?",moon\nWhy?\n', "line 4: it has no answer"),
    ('question,answer\nWho?,moon\n"Who?,moon\n', "line 3: a row that can't be read"),
    ('question,answer\n"Who"?,moon\n', "line 2: a row that can't be read"),
    ("question,answer\n" + "x" * 200_000, "line 2: a row that can't be read"),
    ("x" * 200_000, "line 1: a row that can't be read"),
    ('question,answers\nWho?,"[""moon""\n"', "line 2: column"),
    ("question,answers\nWho?,[4]\n", 'line 2: a text in "answers" is 4'),
    ("id,question,answer\n,Who?,moon\n", "line 2: id is empty"),
    ("id,question,answer\na,Who?,moon\na,Why?,sun\n", "line 3: the id 'a' is taken by"),
    ("question,answer,answerable\nWho?,moon,maybe\n", 'line 2: answerable is "maybe"'),
    ("question,answer,page\nWho?,moon,3\n", "line 2: pages are given, but no document"),
    ("question,answer,document,page\nWho?,moon,d,0\n", 'line 2: a page is "0"'),
    ("question,answer,document,page\nWho?,moon,d,3-5\n", 'line 2: a page is "3-5"'),
    ("question,answer,document,page\nWho?,moon,d,²\n", 'line 2: a page is "²"'),
    ("question,answer,document,page\nWho?,moon,d,3;\n", 'line 2: a page is ""'),
    (f"question,answer,document,page\nWho?,moon,d,{'1' * 5000}\n", "line 2: a page is"),
    ("question,answer,document,page,answerable\nWho?,,d,3,no\n", "line 2: it is not answerable"),
    ("question,answer\nWho?,caf\xe9\n".encode("latin-1"), "line 2: it is not UTF-8 (byte 0xe9)"),
]


@pytest.mark.parametrize(("content", "reason"), BAD_TABLES)
def test_a_malformed_table_is_named(content: str | bytes, reason: str, tmp_path: Path) -> None:
    path = put(tmp_path / "set.csv", content)
    said = fault(path, tmp_path)
    assert said.startswith(str(path))
    assert reason in said
    assert said.endswith(".")
    assert len(said) < 500
