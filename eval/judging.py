"""A language model as judge of answers: optional, and its verdicts are kept apart.

A judge errs (Zheng et al. 2023 measure how); what the program can measure
itself never depends on one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import Runnable
from langsmith import tracing_context

from assistant.models import load_chat_model
from assistant.prompts import load_prompt
from assistant.settings import Settings
from eval.outcomes import Judgement, Outcome
from eval.questions import Question

_VARIABLES = frozenset({"question", "answer", "quotes", "accepted"})
_VALUES = {"yes": 1.0, "partly": 0.5, "no": 0.0}
_LINE = re.compile(r"^\W*(FAITHFUL|CORRECT|REASON)\W*:\W*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_TAG = re.compile(r"<(?=\s*/?\s*(?:question|answer|quotations|accepted)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judge:
    """Prompt and model as one runnable."""

    chain: Runnable[dict[str, str], str]

    @classmethod
    def load(cls, name: str, settings: Settings, model: BaseChatModel | None) -> Judge | None:
        """Return the judge of this name, or made of this model; None where neither is given.

        Raises :class:`SettingsError` and :class:`ModelError` as
        :func:`load_chat_model` does.
        """
        if model is None and not name:
            return None
        model = model or load_chat_model(settings.model_copy(update={"model": name}))
        return cls(load_prompt("judge", _VARIABLES) | model | StrOutputParser())

    def judge(self, question: Question, outcome: Outcome) -> Outcome:
        """Return an outcome with the judge's verdict, where there is an answer to judge.

        A judge that fails, or says something else, leaves both verdicts open.
        """
        answer = outcome.answer
        if answer is None or answer.refused:
            return outcome
        quotes = "\n".join(f"[{c.mark}] {c.quote}" for c in answer.citations) or "none"
        given = {
            "question": question.text,
            "answer": answer.text,
            "quotes": quotes,
            "accepted": "\n".join(question.answers) or "none is known",
        }
        try:
            with tracing_context(enabled=False):
                said = self.chain.stream({name: _fenced(text) for name, text in given.items()})
                judgement = parse("".join(said))
        except Exception as error:  # noqa: BLE001 - each provider has errors of its own
            judgement = Judgement(None, None, f"The judge failed: {error}")
        if not question.answers:
            judgement = replace(judgement, correct=None)
        return replace(outcome, judgement=judgement)


def parse(reply: str) -> Judgement:
    """Read a judge's reply; what it does not say plainly is None."""
    said = {name.upper(): value for name, value in _LINE.findall(reply)}
    if not said:
        return Judgement(None, None, f"The judge did not follow its form: {reply[:200]}")

    def value(name: str) -> float | None:
        return _VALUES.get(said.get(name, "").strip(" .*").lower())

    return Judgement(value("FAITHFUL"), value("CORRECT"), said.get("REASON", ""))


def _fenced(text: str) -> str:
    return _TAG.sub("‹", text)
