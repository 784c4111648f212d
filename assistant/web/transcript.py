"""The conversation as HTML: questions, answers with marks, refusals, the empty page."""

from __future__ import annotations

from assistant import resources
from assistant.answering.writing import WITHOUT_MODEL
from assistant.collection import Collection
from assistant.errors import AssistantError
from assistant.render import named, plural
from assistant.types import Answer, Verdict
from assistant.web.actions import actions
from assistant.web.conversation import Conversation, Shown, Stage
from assistant.web.inert import inert
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
        '<div class="welcome"><h2>This index can’t be opened</h2>'
        f'<p class="problem" role="alert">{inert(str(error))}</p>'
        "<p>Choose another at the top, or make a new one there.</p></div>"
    )


def welcome(index: Collection) -> str:
    """Return what to do first with an index."""
    documents, *_ = index.counts()
    if not documents:
        return (
            '<div class="welcome"><h2>Add documents, then ask</h2><p>Drop files under'
            " <em>Documents</em>. Every sentence of an answer will carry a numbered mark, and"
            " each mark opens the passage that it stands on.</p>"
            '<button type="button" class="example" data-show="documents-tab">'
            "Add documents</button></div>"
        )
    examples = ""
    if _holds_samples(index):
        buttons = "".join(
            f'<li><button type="button" class="example" data-ask="{inert(question)}">'
            f"{inert(question)}</button></li>"
            for question in EXAMPLES
        )
        examples = (
            "<p>The sample documents are about the Mérida Initiative and Mexico’s drug war in the"
            f' leaked cables. Try one of these:</p><ul class="examples">{buttons}</ul>'
        )
    return (
        f'<div class="welcome"><h2>Ask {plural(documents, "document")}</h2>'
        "<p>Every sentence of an answer carries a numbered mark. Click it to read the passage"
        f" that it stands on, in its place.</p>{examples}"
        '<p class="note">Limit a question with <code>&quot;exact words&quot;</code>,'
        " <code>-word</code>, <code>document:name</code>, <code>folder:name</code>,"
        " <code>type:pdf</code>, <code>date:2009..2011</code> or <code>page:3-5</code>.</p></div>"
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
        parts.append('<p class="waiting" role="status">Searching the documents…</p>')
    if exchange.stage is Stage.STOPPED:
        parts.append('<p class="note">Stopped.</p>')
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
    said = answer.text or answer.reason or "The documents don't answer this."
    verdict, _, rest = said.partition(". ")
    why = [rest] if rest else []
    if answer.reason != said:
        why.append(answer.reason)
    nearest = (
        '<p class="note">The nearest passages are shown among the sources.'
        " They are not an answer.</p>"
        if answer.hits
        else ""
    )
    return (
        f'{_searched(answer)}<div class="refusal" dir="auto">'
        f"<p><strong>{inert(f'{verdict}.' if rest else verdict)}</strong></p>"
        f"{''.join(f'<p>{inert(text)}</p>' for text in why if text)}{nearest}</div>"
    )


def _searched(answer: Answer) -> str:
    """Return what was searched for, and where, as far as that is not what was typed."""
    said = []
    if answer.standalone and answer.standalone != answer.question:
        said.append(("searched", f"Searched for: {answer.standalone}"))
    if answer.within:
        said.append(("within", f"Asked within: {named(answer.within)}"))
    return "".join(f'<p class="note {kind}" dir="auto">{inert(text)}</p>' for kind, text in said)


def _foot(answer: Answer) -> str:
    documents = plural(len({citation.document for citation in answer.citations}), "document")
    if answer.model == WITHOUT_MODEL:
        facts = [_supported(answer), f"quoted from {documents}"]
    else:
        facts = [_supported(answer), documents, f"written by {answer.model}"]
    remark = f'<p class="note">{inert(answer.reason)}</p>' if answer.reason else ""
    return f'{remark}<p class="foot">{inert(" · ".join(facts))}</p>'


def _supported(answer: Answer) -> str:
    good = sum(claim.verdict is Verdict.SUPPORTED for claim in answer.claims)
    whole = plural(len(answer.claims), "statement")
    if good < len(answer.claims):
        return f"{good} of {whole} supported by the documents"
    return f"{whole} checked, all supported" if good > 1 else f"{whole} checked and supported"
