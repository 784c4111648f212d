"""How sure is sure enough? Measured on an index's own documents, one held out at a time.

A few words of a passage are searched for among all other documents: whatever
is found then is no answer. How probable such wrong answers look, together with
what was measured on public question sets, gives the threshold for the rate of
wrong answers that the user tolerates.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from random import Random
from typing import Any

from assistant import fulltext, refusal, retrieval
from assistant.catalog import Catalog
from assistant.dense import DenseIndex
from assistant.query import Query
from assistant.text import FUNCTION_WORDS, stem, words
from assistant.types import Encoder, Passage

FEWEST_DOCUMENTS = 8
"""Documents from which on one can be held out and enough are left."""
_META = "calibration"
_QUESTIONS = 48
_WORDS = 4
_SEARCHED, _LOOKED_AT = 16, 8
_CHANGED = 0.2
"""Share of documents come or gone from which on it is measured anew."""
_USUAL = {0.01: 0.498, 0.02: 0.372, 0.05: 0.281, 0.1: 0.139, 0.2: 0.076, 0.5: 0.020}
"""The threshold by rate of wrong answers, on 223 questions about absent topics (SQuAD 2.0);
`python -m eval refusal` measures it."""
_SHARE = 0.25
"""What an index's own measure counts: in one on a single topic others answer, too, what was asked
of the document held out, and too much would be refused."""
_OFFSET = 2.5
"""How much more probable (in logits) real questions look than a few words of a passage.

`python -m eval refusal` measures it: of four public question sets (SQuAD 2.0 2.5,
CLAPNQ 2.7, Natural Questions 3.2, COVID-QA 4.7) the least.
"""


def calibrate(catalog: Catalog, dense: DenseIndex, encoder: Encoder) -> None:
    """Measure an index, and note it there; does nothing where it has hardly changed since."""
    documents = catalog.counts()[0]
    before = _noted(catalog).get("documents", 0)
    if documents < FEWEST_DOCUMENTS or abs(documents - before) <= _CHANGED * before:
        return
    found = sorted(wrong_answers(catalog, dense, encoder))
    note = {
        "documents": documents,
        "weights": refusal.WEIGHTS,
        "wrong": [round(probability, 4) for probability in found],
    }
    catalog.set_meta(**{_META: json.dumps(note)})


def threshold(catalog: Catalog, rate: float) -> float:
    """Return the least probability for an answer at a rate (0 to 1) of wrong answers tolerated.

    It is the weighted mean, in logits, of what is usual and of what was measured
    on the index; what is usual alone where nothing was measured.
    """
    usual = _logit(_usual(rate))
    wrong = _noted(catalog).get("wrong")
    if not wrong:
        return _probability(usual)
    place = min(int((1 - rate) * len(wrong)), len(wrong) - 1)
    measured = _logit(wrong[place]) + _OFFSET
    return _probability((1 - _SHARE) * usual + _SHARE * measured)


def _noted(catalog: Catalog) -> dict[str, Any]:
    """Return what was measured on an index, or nothing where other weights were in use then."""
    note: dict[str, Any] = json.loads(catalog.meta(_META) or "{}")
    return note if note.get("weights") == list(refusal.WEIGHTS) else {}


def _usual(rate: float) -> float:
    """Interpolate between the rates that were measured."""
    import numpy as np

    return float(np.interp(rate, list(_USUAL), list(_USUAL.values())))


def wrong_answers(catalog: Catalog, dense: DenseIndex, encoder: Encoder) -> Iterator[float]:
    """Yield how probable an answer looks to what only the document held out could answer."""
    ids = sorted(row[0] for row in catalog.read("SELECT id FROM passages"))
    chosen = Random(0).sample(ids, min(_QUESTIONS, len(ids)))  # noqa: S311 - nothing secret
    for stored in catalog.passages(chosen).values():
        question = _few_words(catalog, stored.passage)
        if not question:
            continue
        vector = encoder.encode_question(question)
        found = retrieval.search(catalog, dense, Query(question), vector, _SEARCHED)
        own = stored.passage.document
        others = tuple(hit for hit in found.hits if hit.passage.document != own)
        yield refusal.judge(found._replace(hits=others[:_LOOKED_AT])).probability


def _few_words(catalog: Catalog, passage: Passage) -> str:
    """Return the rarest words of a passage's longest sentence, in order, as a question would."""
    start, end = max(passage.sentences, key=lambda span: span.end - span.start)
    said = words(passage.text[start - passage.start : end - passage.start])
    telling = [w for w in dict.fromkeys(said) if w not in FUNCTION_WORDS and w.isalpha()]
    rarity = fulltext.inverse_document_frequency(catalog, [stem(word) for word in telling])
    rarest = sorted(telling, key=lambda word: -rarity[stem(word)])[:_WORDS]
    return " ".join(word for word in telling if word in rarest) if len(rarest) == _WORDS else ""


def _logit(probability: float) -> float:
    inside = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(inside / (1 - inside))


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
