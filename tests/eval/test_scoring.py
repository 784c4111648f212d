"""One question's scores, the figures over all of them, and what they say of a run."""

from __future__ import annotations

from typing import Any

import pytest

from eval import gates
from eval.comparing import compare
from eval.errors import MeasureError, RunError
from eval.measures import Better, curve, figures, find
from eval.questions import Gold
from eval.reports import Identity, Indexing, Report, Setting, make
from eval.scoring import Became, Scored, score
from tests.eval.samples import answer, citation, outcome, question, stretch

IDENTITY = Identity("set", "set", "d", 0, "i", "fake", "", "", 8, "c")
SETTING = Setting("", "", 0, "", {}, Indexing(1, 1, 1, 10, 2.0, ()), 1.5, 99.0)


def report(*scored: Scored) -> Report:
    return make(IDENTITY, SETTING, scored)


RIGHT = score(
    question("right"),
    outcome("right", answer(citations=[citation()]), retrieved=[stretch(0, 30)]),
)
WRONG = score(
    question("wrong", kind="who"),
    outcome(
        "wrong",
        answer("It is blue.", citations=[citation(30, 40)], confidence=0.5),
        retrieved=[stretch(30, 60), stretch(0, 30)],
        inexact=1,
    ),
)
REFUSED = score(
    question("refused"), outcome("refused", answer(refused=True, confidence=0.2), retrieved=[])
)
FAILED = score(question("failed"), outcome("failed", failure="the line is dead"))
RIGHTLY = score(
    question("absent", answerable=False, kind="absent"),
    outcome("absent", answer(refused=True, confidence=0.1)),
)
INVENTED = score(
    question("near", answerable=False, kind="near"),
    outcome("near", answer(citations=[citation()], confidence=0.7)),
)
ALL = (RIGHT, WRONG, REFUSED, FAILED, RIGHTLY, INVENTED)


@pytest.mark.parametrize(
    ("scored", "became", "remark"),
    [
        (RIGHT, Became.RIGHT, ""),
        (WRONG, Became.WRONG, "Gold evidence stands in passage 2 of those found. It is not cited."),
        (
            REFUSED,
            Became.REFUSED,
            "Refused with confidence 0.20. No passage found touches the gold evidence.",
        ),
        (FAILED, Became.FAILED, "the line is dead"),
        (RIGHTLY, Became.RIGHTLY_REFUSED, ""),
        (INVENTED, Became.SHOULD_REFUSE, "The documents don't hold the answer; confidence 0.70."),
    ],
)
def test_what_became_of_a_question(scored: Scored, became: Became, remark: str) -> None:
    assert scored.became is became
    assert scored.remark == remark


def test_a_right_answer_scores_everywhere() -> None:
    expected = {"correct": 1, "answered": 1, "contains": 1, "citation_precision": 1, "uncited": 0}
    assert RIGHT.scores.items() >= (expected | {"hit@1": 1, "evidence@500": 1, "failed": 0}).items()
    assert RIGHT.scores["f1"] == pytest.approx(2 / 4)  # "red", of the words "it is red"
    assert RIGHT.scores["answer_words"] == 3
    assert RIGHT.scores["gold_words"] == 1
    assert RIGHT.rank == 1


def test_a_failure_scores_nothing_and_is_not_left_out() -> None:
    assert FAILED.scores["failed"] == 1
    for name in ("hit@10", "correct", "answered", "contains", "f1", "rouge_l", "evidence@4000"):
        assert FAILED.scores[name] == 0
    failed_absent = score(question("x", answerable=False), outcome("x", failure="no"))
    assert failed_absent.scores["refused"] == 0


def test_a_refusal_has_no_citations_to_score() -> None:
    assert "citation_precision" not in REFUSED.scores
    assert REFUSED.scores["correct"] == 0


def test_where_no_accepted_answer_is_short_citing_gold_evidence_is_right() -> None:
    long = " ".join(["word"] * 11)
    asked = question(answers=(long,))
    cites = score(asked, outcome(given=answer(citations=[citation()])))
    assert cites.became is Became.RIGHT
    assert "contains" not in cites.scores
    misses = score(asked, outcome(given=answer(citations=[citation(70, 80)])))
    assert misses.became is Became.WRONG


def test_without_answers_and_gold_nothing_is_judged() -> None:
    scored = score(question(answers=(), gold=()), outcome(given=answer()))
    assert scored.became is Became.UNJUDGED
    assert not any("@" in name for name in scored.scores)


def test_an_answer_may_cite_gold_evidence_and_yet_be_wrong() -> None:
    scored = score(question(), outcome(given=answer("Blue.", citations=[citation()])))
    assert scored.remark == "Cites gold evidence, but does not hold an accepted answer."


def test_figures_by_hand() -> None:
    found = {figure.measure.name: figure for figure in figures(ALL)}
    values: dict[str, Any] = {name: (f.value, f.n) for name, f in found.items()}
    assert values["hit@1"] == (0.25, 4)
    assert values["correct"] == (0.25, 4)
    assert values["answered"] == (0.5, 4)
    assert values["citation_precision"] == (0.5, 2)
    assert values["inexact_quotes"] == (pytest.approx(1 / 3), 3)
    assert values["refused"] == (0.5, 2)
    assert values["refused:absent"] == (1.0, 1)
    assert values["refused:near"] == (0.0, 1)
    assert values["refusal_precision"] == (0.5, 2)
    assert values["failed"] == (pytest.approx(1 / 6), 6)
    # Confidences .9, .5, .2 against .1 and .7: four of the six pairs are in order.
    assert values["auroc"] == (pytest.approx(4 / 6), 5)
    assert values["auroc:near"] == (pytest.approx(1 / 3), 4)
    assert values["answer_p50"] == (pytest.approx(0.2), 5)
    # Of three answers given, surest first, the second and third are wrong.
    assert [point.risk for point in curve(ALL)] == [0.0, 0.5, pytest.approx(2 / 3)]
    assert values["risk"] == (pytest.approx(2 / 3), 3)
    assert values["coverage"] == (0.5, 6)
    for name in ("risk", "coverage"):
        low, high = found[name].low, found[name].high
        assert low is not None
        assert high is not None
        assert low < found[name].value < high
    assert found["hit@1"].low == 0.0
    assert found["answer_p50"].low is None


def test_every_mean_has_an_interval_around_it() -> None:
    for figure in figures(ALL):
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value <= figure.high


def test_where_no_answer_was_given_there_is_no_risk() -> None:
    names = {figure.measure.name for figure in figures([REFUSED, RIGHTLY])}
    assert not names & {"risk", "coverage", "area_under_risk"}


def test_the_machines_part_is_among_the_figures() -> None:
    made = report(*ALL)
    assert find(made.figures, "index_rate").value == 5.0
    assert find(made.figures, "peak_memory").value == 99.0


def test_tokens_are_counted_where_a_model_was_asked() -> None:
    scored = score(question(), outcome(given=answer(), tokens=120))
    assert {f.measure.name: f.value for f in figures([scored])}["tokens"] == 120
    assert "tokens" not in {figure.measure.name for figure in figures(ALL)}


# -- comparisons and gates ---------------------------------------------------------------------


def _run(right: int, wrong: int) -> Report:
    made = []
    for number in range(right + wrong):
        text = "It is red." if number < right else "It is blue."
        made.append(score(question(f"q{number}"), outcome(f"q{number}", answer(text))))
    return report(*made)


def test_a_comparison_is_paired_and_names_who_changed_side() -> None:
    comparison = compare(_run(10, 30), _run(30, 10))
    (correct,) = [c for c in comparison.changes if c.measure.name == "correct"]
    assert (correct.before, correct.after, correct.n) == (0.25, 0.75, 40)
    assert correct.verdict == "better"
    assert [after.question.id for _, after in comparison.gained] == [f"q{n}" for n in range(10, 30)]
    assert comparison.lost == ()
    assert compare(_run(30, 10), _run(10, 30)).lost


def test_less_is_better_where_it_is() -> None:
    failing = [score(question(f"q{n}"), outcome(f"q{n}", failure="no")) for n in range(20)]
    comparison = compare(_run(20, 0), report(*failing))
    (failed,) = [c for c in comparison.changes if c.measure.name == "failed"]
    assert failed.measure.better is Better.LOWER
    assert failed.verdict == "worse"
    assert any(
        sentence.startswith("failed went from 0 to 1") for sentence in gates.worse(comparison)
    )


def test_a_small_difference_is_no_verdict() -> None:
    comparison = compare(_run(20, 20), _run(21, 19))
    assert {change.verdict for change in comparison.changes} == {""}
    assert gates.worse(comparison) == []


def test_correctness_and_length_stand_beside_whatever_differs() -> None:
    same = answer(citations=[citation()])
    before = report(score(question(), outcome(given=same, retrieved=[stretch(0, 30)])))
    after = report(score(question(), outcome(given=same, retrieved=[stretch(90, 99)])))
    comparison = compare(before, after)
    shown = {change.measure.name for change in comparison.differing}
    assert {"hit@1", "correct", "answer_words"} <= shown
    assert not shown & {change.measure.name for change in comparison.same}
    assert "citation_precision" in {change.measure.name for change in comparison.same}
    assert compare(before, before).differing == []


def test_questions_that_differ_are_left_out() -> None:
    other = report(
        score(question("q0", gold=(Gold("b.txt"),)), outcome("q0", answer())),
        score(question("q1"), outcome("q1", answer())),
    )
    comparison = compare(_run(2, 1), other)
    assert comparison.left_out == 3
    assert {change.n for change in comparison.changes} == {1}
    with pytest.raises(RunError, match="share no question"):
        compare(_run(1, 0), report(RIGHT))


def test_floors() -> None:
    made = report(*ALL)
    floors = [gates.parse_floor(text) for text in ("correct=0.2", "hit@1 = .3", "failed=0.1")]
    assert gates.below(made, floors) == [
        "hit@1 is 0.25, below 0.3.",
        "failed is 0.1667, above 0.1.",
    ]


@pytest.mark.parametrize("text", ["correct", "correct=", "correct=high"])
def test_a_floor_that_is_none_is_named(text: str) -> None:
    with pytest.raises(MeasureError, match=text):
        gates.parse_floor(text)


def test_an_unknown_measure_is_named_with_those_there_are() -> None:
    with pytest.raises(MeasureError, match=r"'accuracy'.*correct"):
        gates.below(report(*ALL), [gates.Floor("accuracy", 1.0)])
