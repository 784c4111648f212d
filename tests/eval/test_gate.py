"""The claim set, and what is measured with it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.types import Verdict
from eval import gate
from eval.errors import QuestionSetError
from eval.formats import SETS
from eval.gate import CLAIMS, Checked, Claim


def checked(kind: str, verdict: Verdict, strength: float) -> Checked:
    rank = [Verdict.UNSUPPORTED, Verdict.PARTLY, Verdict.SUPPORTED].index(verdict)
    return Checked(Claim("1", "Herons wait.", kind, "tuning"), verdict, (), (), rank + strength)


def test_our_claims_are_whole() -> None:
    claims = gate.load(CLAIMS)
    counts = Counter(claim.kind for claim in claims)
    assert sum(counts.values()) >= 200
    assert set(counts) == {"supported", "number", "name", "negated", "half-true", "invented"}
    assert len({claim.id for claim in claims}) == len({claim.claim for claim in claims})
    documents = {path.name for path in (SETS / "merida" / "documents").iterdir()}
    assert {claim.document for claim in claims} <= documents | {""}
    halves = [{claim.id for claim in gate.load(CLAIMS, half)} for half in gate.HALVES]
    assert not halves[0] & halves[1]
    assert halves[0] | halves[1] == {claim.id for claim in claims}


def test_figures() -> None:
    made = gate.made_of(
        [
            checked("supported", Verdict.SUPPORTED, 0.9),
            checked("supported", Verdict.PARTLY, 0.7),
            checked("number", Verdict.PARTLY, 0.6),
            checked("number", Verdict.SUPPORTED, 0.8),
        ]
    )
    assert {share.kind: share.right for share in made.shares} == {"supported": 0.5, "number": 0.5}
    assert made.balanced_accuracy == 0.5
    assert made.auroc == 0.75


def test_one_kind_alone_measures_nothing() -> None:
    with pytest.raises(QuestionSetError, match="supported"):
        gate.made_of([checked("supported", Verdict.SUPPORTED, 1.0)])


def test_faults_are_named(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    with pytest.raises(QuestionSetError, match=r"claims\.jsonl"):
        gate.load(path)
    path.write_text(json.dumps({"id": "1", "claim": "x", "kind": "number"}) + "\n", "utf-8")
    with pytest.raises(QuestionSetError, match="line 1"):
        gate.load(path)
    with pytest.raises(QuestionSetError, match="half"):
        gate.load(path, "third")
