"""The conversation as HTML: questions, answers with marks, refusals, the empty page."""

from __future__ import annotations

from assistant import resources
from assistant.answering.writing import WITHOUT_MODEL
from assistant.collection import Collection
from assistant.errors import AssistantError
from assistant.render import named
from assistant.types import Answer, Verdict
from assistant.web.actions import actions
from assistant.web.conversation import Conversation, Shown, Stage
from assistant.web.inert import inert
from assistant.web.language import number, say, several
from assistant.web.prose import prose

EXAMPLES = (
    "Who criticized the Mérida Initiative?",
    "What did the cables say about the Mexican army?",
    "How much money did Congress vote for Mexico?",
    "How long did General Galván expect the army to stay in the streets?",
)
"""Questions that suit the sample documents."""


def transcript(conversation: Conversation) -> str:
    """Return the whole conversation."""
    last = conversation[-1]
    return "".join(_exchange(exchange, last=exchange is last) for exchange in conversation)


def lost(error: AssistantError) -> str:
    """Return what is said in place of a conversation with an index that can't be opened."""
    return (
        f'<div class="welcome"><h2>{say("This index can’t be opened")}</h2>'
        f'<p class="problem" role="alert">{inert(str(error))}</p>'
        f"<p>{say('Choose another at the top, or make a new one there.')}</p></div>"
    )


def welcome(index: Collection) -> str:
    """Return what to do first with an index."""
    documents, *_ = index.counts()
    if not documents:
        return (
            f'<div class="welcome"><h2>{say("Add documents, then ask")}</h2><p>{_first()}</p>'
            '<button type="button" class="example" data-show="documents-tab">'
            f"{say('Add documents')}</button></div>"
        )
    examples = ""
    if _holds_samples(index):
        buttons = "".join(
            f'<li><button type="button" class="example" data-ask="{inert(question)}">'
            f"{inert(question)}</button></li>"
            for question in EXAMPLES
        )
        about = say(
            "The sample documents are about the Mérida Initiative and Mexico’s drug war in the"
            " leaked cables. Try one of these:"
        )
        examples = f'<p>{about}</p><ul class="examples">{buttons}</ul>'
    asked = several("Ask {count} document", "Ask {count} documents", documents)
    marks = say(
        "Every sentence of an answer carries a numbered mark. Click it to read the passage that it"
        " stands on, in its place."
    )
    limits = say(
        "Limit a question with <code>&quot;exact words&quot;</code>, <code>-word</code>,"
        " <code>document:name</code>, <code>folder:name</code>, <code>type:pdf</code>,"
        " <code>date:2009..2011</code> or <code>page:3-5</code>."
    )
    return (
        f'<div class="welcome"><h2>{asked}</h2><p>{marks}</p>{examples}'
        f'<p class="note">{limits}</p></div>'
    )


def _first() -> str:
    return say(
        "Drop files under <em>Documents</em>. Every sentence of an answer will carry a numbered"
        " mark, and each mark opens the passage that it stands on."
    )


def _holds_samples(index: Collection) -> bool:
    folder = resources.samples_folder()
    return folder.is_dir() and any(index.holds(path.name) for path in folder.iterdir())


def _exchange(exchange: Shown, *, last: bool) -> str:
    running = exchange.stage is Stage.RUNNING
    return (
        f'<article class="exchange" data-answer="{exchange.number}"'
        f' aria-busy="{"true" if running else "false"}">'
        f'<h2 class="question" dir="auto">{inert(exchange.question)}</h2>'
        f"{_body(exchange)}{actions(exchange, last=last)}</article>"
    )


def _body(exchange: Shown) -> str:
    parts = []
    if exchange.answer is not None:
        parts.append(_answer(exchange.answer, exchange.number, exchange.stage))
    elif exchange.stage is Stage.RUNNING:
        waiting = say("Searching the documents…")
        parts.append(f'<p class="waiting" role="status">{waiting}</p>')
    if exchange.stage is Stage.STOPPED:
        parts.append(f'<p class="note">{say("Stopped.")}</p>')
    if exchange.since:
        parts.append(f'<p class="note since">{inert(exchange.since)}</p>')
    if exchange.problem:
        parts.append(f'<p class="problem" role="alert">{inert(exchange.problem)}</p>')
    return "".join(parts)


def _answer(answer: Answer, number: int, stage: Stage) -> str:
    if answer.refused:
        return _refusal(answer)
    text = prose(answer, number, literal=answer.model == WITHOUT_MODEL)
    growing = " growing" if stage is Stage.RUNNING else ""
    foot = _foot(answer) if stage is Stage.DONE else ""
    return f'{_searched(answer)}<div class="answer{growing}" dir="auto">{text}</div>{foot}'


def _refusal(answer: Answer) -> str:
    said = answer.text or answer.reason or say("The documents don't answer this.")
    verdict, _, rest = said.partition(". ")
    why = [rest] if rest else []
    if answer.reason != said:
        why.append(answer.reason)
    near = say("The nearest passages are shown among the sources. They are not an answer.")
    nearest = f'<p class="note">{near}</p>' if answer.hits else ""
    return (
        f'{_searched(answer)}<div class="refusal" dir="auto">'
        f"<p><strong>{inert(f'{verdict}.' if rest else verdict)}</strong></p>"
        f"{''.join(f'<p>{inert(text)}</p>' for text in why if text)}{nearest}</div>"
    )


def _searched(answer: Answer) -> str:
    """Return what was searched for, and where, as far as that is not what was typed."""
    said = []
    if answer.standalone and answer.standalone != answer.question:
        said.append(("searched", say("Searched for: {question}", question=answer.standalone)))
    if answer.within:
        said.append(("within", say("Asked within: {documents}", documents=named(answer.within))))
    return "".join(f'<p class="note {kind}" dir="auto">{inert(text)}</p>' for kind, text in said)


def _foot(answer: Answer) -> str:
    documents = len({citation.document for citation in answer.citations})
    if answer.model == WITHOUT_MODEL:
        quoted = several("quoted from {count} document", "quoted from {count} documents", documents)
        facts = [_supported(answer), quoted]
    else:
        held = several("{count} document", "{count} documents", documents)
        facts = [_supported(answer), held, say("written by {model}", model=answer.model)]
    remark = f'<p class="note">{inert(answer.reason)}</p>' if answer.reason else ""
    return f'{remark}<p class="foot">{inert(" · ".join(facts))}</p>'


def _supported(answer: Answer) -> str:
    good = sum(claim.verdict is Verdict.SUPPORTED for claim in answer.claims)
    whole = len(answer.claims)
    if good < whole:
        return several(
            "{good} of {count} statement supported by the documents",
            "{good} of {count} statements supported by the documents",
            whole,
            good=number(good),
        )
    return several(
        "{count} statement checked and supported",
        "{count} statements checked, all supported",
        whole,
    )
