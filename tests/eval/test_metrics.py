"""Metrics against examples worked by hand, and against reference implementations."""

from __future__ import annotations

import math
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.types import Claim, Span, Verdict
from eval.metrics import answers, cited, refusals, retrieval
from eval.metrics.places import Place, Stretch, places, touches
from eval.questions import Gold
from tests.eval.samples import answer, stretch

TEXT = places([Gold("a.txt", (Span(10, 20), Span(50, 60)))])


# -- places ------------------------------------------------------------------------------------


def test_spans_that_overlap_are_one_place_and_pages_and_documents_are_one_each() -> None:
    gold = [
        Gold("a.txt", (Span(30, 40), Span(10, 20), Span(12, 25)), grade=2),
        Gold("b.pdf", pages=(3, 4)),
        Gold("c.txt"),
        Gold("c.txt"),
    ]
    assert places(gold) == [
        Place("a.txt", Span(10, 25), None, 2, (Span(10, 20), Span(12, 25))),
        Place("a.txt", Span(30, 40), None, 2, (Span(30, 40),)),
        Place("b.pdf", None, 3, 1),
        Place("b.pdf", None, 4, 1),
        Place("c.txt", None, None, 1),
    ]


@pytest.mark.parametrize(
    ("found", "touching"),
    [
        (stretch(0, 10), False),
        (stretch(0, 11), True),
        (stretch(20, 30), False),
        (stretch(19, 30), True),
        (stretch(12, 13), True),
        (stretch(10, 20, "b.txt"), False),
    ],
)
def test_a_span_is_touched_by_a_shared_character(found: Stretch, touching: bool) -> None:
    assert touches(TEXT[0], found) is touching


def test_a_page_is_touched_by_its_page_and_a_document_by_anything_in_it() -> None:
    (page,) = places([Gold("b.pdf", pages=(3,))])
    assert touches(page, stretch(0, 5, "b.pdf", 3))
    assert not touches(page, stretch(0, 5, "b.pdf", 2))
    (whole,) = places([Gold("b.pdf")])
    assert touches(whole, stretch(7, 9, "b.pdf", 2))


# -- retrieval ---------------------------------------------------------------------------------


def test_a_ranking_worked_by_hand() -> None:
    """Noise first, then one place of two, then the other; what is found again is noise."""
    found = [stretch(0, 5), stretch(8, 12), stretch(10, 20), stretch(55, 70)]
    scores = retrieval.ranked(TEXT, found)
    assert [scores[f"hit@{k}"] for k in (1, 3, 5, 10)] == [0, 1, 1, 1]
    assert [scores[f"recall@{k}"] for k in (1, 3, 5, 10)] == [0, 0.5, 1, 1]
    assert [scores[f"mrr@{k}"] for k in (1, 3, 5, 10)] == [0, 0.5, 0.5, 0.5]
    ideal = 1 + 1 / math.log2(3)
    assert scores["ndcg@1"] == 0
    assert scores["ndcg@3"] == pytest.approx((1 / math.log2(3)) / ideal)
    assert scores["ndcg@5"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)


def test_a_hit_that_holds_all_gold_evidence_is_a_perfect_ranking() -> None:
    scores = retrieval.ranked(TEXT, [stretch(0, 100), stretch(200, 300)])
    assert set(scores.values()) == {1.0} | {scores["ndcg@1"]}
    assert scores["ndcg@1"] == 1.0
    assert scores["recall@1"] == 1.0


def test_grades_count_in_ndcg() -> None:
    gold = places([Gold("a.txt", grade=1), Gold("b.txt", grade=2)])
    best_last = retrieval.ranked(gold, [stretch(0, 9), stretch(0, 9, "b.txt")])
    expected = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    assert best_last["ndcg@3"] == pytest.approx(expected)


def test_nothing_found_scores_nothing() -> None:
    assert set(retrieval.scores(TEXT, []).values()) == {0.0}
    assert retrieval.first_rank(TEXT, []) is None


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 20)), max_size=12))
@settings(max_examples=60)
def test_cutoffs_and_budgets_only_ever_add(pieces: list[tuple[int, int]]) -> None:
    found = [stretch(start, start + length) for start, length in pieces]
    scores = retrieval.scores(TEXT, found)
    assert all(0 <= value <= 1 for value in scores.values())
    for name in ("hit", "recall", "mrr"):
        rising = [scores[f"{name}@{k}"] for k in retrieval.CUTOFFS]
        assert rising == sorted(rising)
    budgets = [scores[f"evidence@{budget}"] for budget in retrieval.BUDGETS]
    assert budgets == sorted(budgets)
    rank = retrieval.first_rank(TEXT, found)
    assert scores["hit@10"] == float(rank is not None and rank <= 10)
    assert scores["mrr@10"] == (pytest.approx(1 / rank) if rank and rank <= 10 else 0)


@pytest.mark.parametrize(
    ("budget", "inside"), [(99, False), (109, False), (110, True), (500, True)]
)
def test_evidence_has_to_lie_whole_within_the_budget(budget: int, inside: bool) -> None:
    """100 characters of another document, then a passage from 10 on: its span ends at 20."""
    found = [stretch(0, 100, "b.txt"), stretch(10, 60)]
    assert retrieval.within(TEXT[:1], found, budget) is inside


def test_evidence_cut_by_the_end_of_a_passage_does_not_count() -> None:
    assert not retrieval.within(TEXT[:1], [stretch(0, 15), stretch(15, 30)], 500)
    merged = places([Gold("a.txt", (Span(10, 20), Span(12, 14)))])
    assert retrieval.within(merged, [stretch(0, 15)], 500)  # one annotator's span is there whole


def test_of_a_page_one_character_is_enough() -> None:
    page = places([Gold("b.pdf", pages=(3,))])
    assert retrieval.within(page, [stretch(0, 499), stretch(0, 50, "b.pdf", 3)], 500)
    assert not retrieval.within(page, [stretch(0, 500), stretch(0, 50, "b.pdf", 3)], 500)


# -- answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("It was  GERÓNIMO\nGutierrez.", True),
        ("Gerónimo Gutiérrezes came.", False),
        ("Nobody.", False),
        ("", False),
    ],
)
def test_containment_ignores_case_accents_and_spacing(text: str, held: bool) -> None:
    assert answers.contains(text, ["Gerónimo Gutiérrez", " "]) == float(held)


@pytest.mark.parametrize(
    ("text", "number", "held"),
    [
        ("It took 1,400 days.", "400", False),
        ("It took 400.", "400", True),
        ("It took 3.5 days.", "3", False),
        ("In 2009, 12 came.", "2009", True),
        ("在北京市举行", "北京", True),
    ],
)
def test_a_number_has_to_stand_there_whole(text: str, number: str, held: bool) -> None:
    assert answers.contains(text, [number]) == float(held)


def test_exact_match_and_f1_by_hand() -> None:
    assert answers.exact_match("The red Fox!", ["red fox"]) == 1.0
    assert answers.exact_match("a red fox", ["fox"]) == 0.0
    # Two of the three words are shared, out of three and two.
    assert answers.f1("big red fox", ["no", "red fox"]) == pytest.approx(2 * 2 / 5)
    assert answers.f1("", ["fox"]) == 0.0
    assert answers.exact_match("x", []) == answers.f1("x", []) == 0.0


def test_rouge_l_by_hand() -> None:
    # The longest common subsequence of "a b c d" and "b x d" is "b d".
    assert answers.rouge_l("a b c d", ["b x d"]) == pytest.approx(2 * 2 / 7)
    assert answers.rouge_l("", ["b"]) == 0.0


_words = st.lists(
    st.sampled_from("the a an red fox, jumps over. 1,400 U.S. it's".split()), max_size=12
).map(" ".join)


@pytest.mark.slow  # torch takes its time
def test_squad_scores_are_those_of_torchmetrics() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torchmetrics.functional.text import squad

    @given(_words, st.lists(_words, min_size=1, max_size=3))
    @settings(max_examples=60, deadline=None)
    def agrees(text: str, accepted: list[str]) -> None:
        target: Any = {
            "answers": {"answer_start": [0] * len(accepted), "text": accepted},
            "id": "1",
        }
        reference = squad({"prediction_text": text, "id": "1"}, target)
        exact, shared = (float(reference[name]) / 100 for name in ("exact_match", "f1"))
        assert answers.exact_match(text, accepted) == pytest.approx(exact)
        assert answers.f1(text, accepted) == pytest.approx(shared, abs=1e-6)

    agrees()


def test_rouge_l_is_that_of_rouge_score() -> None:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rougeL"])

    @given(_words, _words)
    @settings(max_examples=60, deadline=None)
    def agrees(text: str, accepted: str) -> None:
        reference = scorer.score(accepted, text)["rougeL"].fmeasure
        assert answers.rouge_l(text, [accepted]) == pytest.approx(reference)

    agrees()


def test_the_short_form_is_what_is_bold_else_the_first_sentence() -> None:
    assert answers.shortest_form(answer("It was **Ada**.")) == "Ada"
    assert answers.shortest_form(answer("It was Ada.")) == "It was Ada."
    assert answers.without_marks(answer("It was **Ada**.")) == "It was Ada."


# -- citations ---------------------------------------------------------------------------------


def test_citation_precision_and_recall() -> None:
    found = [stretch(0, 12), stretch(30, 40), stretch(15, 16)]
    assert cited.precision(TEXT, found) == pytest.approx(2 / 3)
    assert cited.recall(TEXT, found) == 0.5
    assert cited.precision(TEXT, []) == cited.recall(TEXT, []) == 0.0


def test_sentences_without_a_citation() -> None:
    marks: list[tuple[int, ...]] = [(1,), (), (2, 3), ()]
    claims = [Claim("c", 0, 1, m, Verdict.SUPPORTED) for m in marks]
    assert cited.uncited(claims) == 0.5
    assert cited.uncited([]) == 0.0


# -- refusal -----------------------------------------------------------------------------------


def test_auroc_by_hand() -> None:
    """Of the four pairs, three are in order and one is a tie, which counts half."""
    assert refusals.auroc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(3.5 / 4)


def test_risk_and_coverage_by_hand() -> None:
    curve = refusals.risk_coverage([0.5, 0.9, 0.9, 0.3], [0, 0, 1, 1], questions=8)
    assert curve == [(0.9, 0.25, 0.5), (0.5, 0.375, pytest.approx(1 / 3)), (0.3, 0.5, 0.5)]
    area = (0.25 * 0.5 + 0.125 / 3 + 0.125 * 0.5) / 0.5
    assert refusals.area_under_risk(curve) == pytest.approx(area)
    assert refusals.risk_coverage([], [], 3) == []
