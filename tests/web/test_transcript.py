"""The conversation as HTML: what to do first, answers, refusals, problems."""

from __future__ import annotations

from dataclasses import replace

from assistant.collection import Collection
from assistant.errors import IndexNotFound
from assistant.types import Verdict
from assistant.web.conversation import Stage, begin, change
from assistant.web.transcript import EXAMPLES, lost, transcript, welcome
from tests.web.samples import HOSTILE, answer, assert_inert, citation, document, refusal, visible

NOTES = document("It rained. The river rose.")
RAIN = answer([("It rained.", Verdict.SUPPORTED, ())], [citation(NOTES, "It rained.")])


class Held(Collection):
    """An index of documents that have nothing but a name."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def counts(self) -> tuple[int, int, int]:
        return len(self.names), 1, 10

    def holds(self, name: str) -> bool:
        return name in self.names


def test_an_empty_index_says_what_to_do() -> None:
    assert "Add documents, then ask" in welcome(Held())


def test_an_index_that_is_gone_says_so_and_runs_nothing() -> None:
    html = lost(IndexNotFound(HOSTILE))
    assert_inert(html)
    assert "<script>alert(1)</script>" in visible(html)


def test_examples_are_offered_for_the_samples_only() -> None:
    assert "data-ask" not in welcome(Held("notes.md"))
    html = welcome(Held("inside-the-cables.md"))
    assert html.count("data-ask") == len(EXAMPLES)
    assert "Who criticized the Mérida Initiative?" in html


def test_a_running_answer_is_busy_and_a_finished_one_summed_up() -> None:
    said = begin((), "Rain?")
    assert 'aria-busy="true"' in transcript(said)
    assert "Searching" in transcript(said)
    html = transcript(change(said, stage=Stage.DONE, answer=RAIN))
    assert 'aria-busy="false"' in html
    assert "1 statement checked and supported · quoted from 1 document" in html


def test_the_share_of_supported_statements_is_told() -> None:
    mixed = answer(
        [("It rained.", Verdict.SUPPORTED, ()), ("Cows drowned.", Verdict.UNSUPPORTED, ())],
        model="openai:x",
    )
    html = transcript(change(begin((), "Rain?"), stage=Stage.DONE, answer=mixed))
    assert (
        "1 of 2 statements supported by the documents · 0 documents · written by openai:x" in html
    )


def test_a_question_that_was_searched_otherwise_is_shown_as_it_was() -> None:
    asked = replace(RAIN, question="And then?", standalone="And then? Monday <b>rain</b>")
    html = transcript(change(begin((), "And then?"), stage=Stage.DONE, answer=asked))
    assert "Searched for: And then? Monday <b>rain</b>" in visible(html)
    assert_inert(html)
    assert "Searched for" not in transcript(
        change(begin((), "Why?"), stage=Stage.DONE, answer=RAIN)
    )


def test_a_refusal_gives_its_reason_and_no_answer() -> None:
    said = change(begin((), "Fish?"), stage=Stage.DONE, answer=refusal(NOTES, "No fish in here."))
    html = transcript(said)
    assert "No fish in here." in html
    assert "They are not an answer." in html
    assert 'class="answer' not in html


def test_a_problem_is_told_beside_what_was_answered() -> None:
    said = change(begin((), "Rain?"), stage=Stage.FAILED, answer=RAIN, problem="It broke <off>.")
    html = transcript(said)
    assert "It rained." in html
    assert "It broke &lt;off&gt;." in html


def test_hostile_questions_and_reasons_are_shown_and_not_run() -> None:
    said = change(begin((), HOSTILE), stage=Stage.DONE, answer=refusal(NOTES, HOSTILE))
    said = change(begin(said, HOSTILE), stage=Stage.FAILED, problem=HOSTILE)
    assert_inert(transcript(said))
    assert "<script>alert(1)</script>" in visible(transcript(said))


def test_of_a_refusal_only_the_verdict_is_bold() -> None:
    refused = refusal(NOTES, "The documents do not say. Nobody mentions yaks.")
    html = transcript(change(begin((), "Yaks?"), stage=Stage.DONE, answer=refused))
    assert "<p><strong>The documents do not say.</strong></p><p>Nobody mentions yaks.</p>" in html
