"""How well the check of claims tells what the documents support from what they do not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import balanced_accuracy_score

from assistant import Assistant
from assistant.settings import Settings
from assistant.types import Verdict
from eval import indexing
from eval.errors import QuestionSetError
from eval.formats import SETS
from eval.metrics.refusals import auroc
from eval.questions import QuestionSet
from eval.statistics import interval

SUPPORTED = "supported"
CLAIMS = SETS / "claims" / "claims.jsonl"
DOCUMENTS = SETS / "merida" / "documents"
HALVES = ("tuning", "held-out")
_RANK = {Verdict.UNSUPPORTED: 0, Verdict.PARTLY: 1, Verdict.SUPPORTED: 2}


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of a set: ``kind`` says how it was made, ``half`` whether it is held out."""

    id: str
    claim: str
    kind: str
    half: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim and what the check came to; ``score`` is higher the better it is supported."""

    claim: Claim
    verdict: Verdict
    missing: tuple[str, ...]
    quotes: tuple[str, ...]
    score: float

    @property
    def right(self) -> bool:
        """Whether a supported claim passed, or another one was caught."""
        return (self.verdict is Verdict.SUPPORTED) == (self.claim.kind == SUPPORTED)


@dataclass(frozen=True, slots=True)
class Share:
    """The share of a kind's claims judged rightly, with its 95 % interval."""

    kind: str
    n: int
    right: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Gated:
    """What a claim set came to: each kind, both figures over all, and every claim.

    ``balanced_accuracy`` is the mean of the shares of supported claims that pass
    and of all others that are caught.
    """

    shares: tuple[Share, ...]
    auroc: float
    balanced_accuracy: float
    claims: tuple[Checked, ...]


def measure(
    path: Path | None,
    documents: Path | None,
    settings: Settings,
    half: str = "",
    on_claim: Callable[[int, int], None] | None = None,
) -> Gated:
    """Check every claim of a set against its documents; raises :class:`QuestionSetError`."""
    claims = load(path or CLAIMS, half)
    folder = documents or DOCUMENTS
    of = QuestionSet(folder.parent.name, folder, folder, ())
    with Assistant.open(indexing.index_name(of, "", settings), settings=settings) as assistant:
        indexing.fill(assistant, folder)
        checked = []
        for number, claim in enumerate(claims):
            if on_claim:
                on_claim(number, len(claims))
            checked.append(_check(claim, assistant))
    return made_of(checked)


def load(path: Path, half: str = "") -> list[Claim]:
    """Read a claim set, or one half of it; raises :class:`QuestionSetError`."""
    if half and half not in HALVES:
        raise QuestionSetError(f"There is no half {half!r}. Choose one of: {', '.join(HALVES)}.")
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise QuestionSetError(f"{path} can't be read: {error.strerror}.") from error
    claims = [_claim(path, number, line) for number, line in enumerate(lines, start=1)]
    return [claim for claim in claims if half in {"", claim.half}]


def made_of(checked: Sequence[Checked]) -> Gated:
    """Return the figures of checked claims, of which some are supported and some are not."""
    supported = [one.claim.kind == SUPPORTED for one in checked]
    if all(supported) or not any(supported):
        raise QuestionSetError("A claim set needs claims of kind 'supported' and others.")
    passed = [one.verdict is Verdict.SUPPORTED for one in checked]
    return Gated(
        tuple(_shares(checked)),
        auroc(
            [one.score for one in checked if one.claim.kind == SUPPORTED],
            [one.score for one in checked if one.claim.kind != SUPPORTED],
        ),
        float(balanced_accuracy_score(supported, passed)),
        tuple(checked),
    )


def _shares(checked: Sequence[Checked]) -> Iterator[Share]:
    for kind in dict.fromkeys(one.claim.kind for one in checked):
        right = [float(one.right) for one in checked if one.claim.kind == kind]
        yield Share(kind, len(right), sum(right) / len(right), *interval(right))


def _claim(path: Path, number: int, line: str) -> Claim:
    try:
        row = json.loads(line)
        return Claim(row["id"], row["claim"], row["kind"], row["half"], row.get("document", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionSetError(
            f"{path}, line {number} is no claim: {error!r}. It needs id, claim, kind and half."
        ) from error


def _check(claim: Claim, assistant: Assistant) -> Checked:
    answer = assistant.check(claim.claim)
    verdicts = [one.verdict for one in answer.claims] or [Verdict.UNSUPPORTED]
    strength = min((one.strength for one in answer.claims), default=0.0)
    worst = min(verdicts, key=_RANK.__getitem__)
    return Checked(
        claim,
        worst,
        tuple(word for one in answer.claims for word in one.missing),
        tuple(citation.quote for citation in answer.citations),
        _RANK[worst] + strength,
    )
