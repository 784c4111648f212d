"""Whether a text affirms or denies, and whether another one says the opposite."""

from __future__ import annotations

import re

from assistant.text import stem, terms

_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nor|neither|nobody|nothing|cannot|hardly|barely)\b"
    r"|\b(?:rather than|instead of)\b|n['’]t\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\b(?:without|unable|fail(?:s|ed|ing|ure)? to|refus(?:es?|ed|ing)|den(?:y|ies|ied|ying)"
    r"|reject(?:s|ed|ing)?|forb[ai]d(?:e|s|den|ding)?|prohibit(?:s|ed|ing)?|bann?(?:s|ed|ing)?"
    r"|(?:kept|keeps?|keeping|prevent\w*|stop(?:s|ped)|bar(?:s|red)) [^.;]*from \w+ing"
    r"|(?:false|wrong|mistaken|erroneous)ly"
    r"|(?:false|untrue|incorrect|wrong|a (?:myth|lie|hoax|misconception))(?: to \w+)? that"
    r"|(?:is|are|was|were|be|been|proved)(?: \w+ly)? (?:false|untrue|incorrect))\b",
    re.IGNORECASE,
)
"""What turns round what stands beside it, as a negation does."""
_NOT_ONLY = re.compile(
    r"\bnot (?:only|just|merely)\b|\bno (?:doubt|longer than)\b"
    r"|\b(?:nobody|nothing|none|no(?: \w+)?) (?:but|except|other than)\b",
    re.IGNORECASE,
)
_UNSURPASSED = re.compile(
    r"\b(?:no|no one|nobody|nothing|none|never)\b"
    r"(?=[^.;]*\b(?:(?:more|less|fewer|\w{2,}er)\b[^.;]*\bthan|as \w+ as|before)\b)",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(r"\b(?:most|least|best|worst|first|only|\w{3,}est)\b", re.IGNORECASE)
_AT_MOST = re.compile(r"\bnot? more than\b", re.IGNORECASE)
_AT_LEAST = re.compile(r"\bnot? (?:fewer|less) than\b", re.IGNORECASE)
_PREFIXED = re.compile(
    r"\b(?:un(?!less\b|ions\b)(?=\w{4})|il(?=l)|ir(?=r)"
    r"|i[mn](?!migra)(?=\w{3,}(?:ent|ant|ble|ive|ete|ous|ect|urate|quate|al|ly|ty|cy)\b))(\w+)",
    re.IGNORECASE,
)
_OPPOSITES = tuple(
    tuple(frozenset(map(stem, side.split())) for side in pair.split("|"))
    for pair in (
        "more rise rose risen grow grew grown increase gain|less fewer fall fell fallen decline"
        " decrease drop shrink shrank",
        "before|after",
        "accept agree approve endorse|reject refuse disapprove",
        "support favour favor defend praise welcome"
        "|oppose criticize criticise critic attack object denounce condemn complain protest",
        "allow permit|forbid ban prohibit",
        "first earliest|last latest",
        "best better|worst worse",
        "largest biggest most highest|smallest least lowest",
        "win won|lose lost",
        "begin began begun start|end finish stop",
        "north|south",
        "east|west",
        "male man men|female woman women",
        "public|private",
        "above|below",
        "import|export",
        "increase|decrease",
        "buy bought|sell sold",
        "arrive|leave left depart",
        "true|false",
        "cause|prevent",
        "raise|lower reduce cut",
    )
)


def denies(text: str) -> bool:
    """Tell whether a text denies something; "did not fail to" affirms."""
    plain = _NOT_ONLY.sub(" ", _bounds_affirmed(text))
    return (_NEGATION.search(plain) is None) != (_REFUSAL.search(plain) is None)


def opposite(one: str, other: str) -> bool:
    """Tell whether one text has a word where the other has only its opposite."""
    ours, theirs = (set(terms(_bounds_affirmed(text))) for text in (one, other))
    return any(
        ours & near and theirs & far and not (theirs & near or ours & far)
        for left, right in _OPPOSITES
        for near, far in ((left, right), (right, left))
    )


def same_act(word: str) -> frozenset[str]:
    """Return the stems of words for what a word says was done, as far as they are known here."""
    done = stem(word)
    known = [side for pair in _OPPOSITES for side in pair if done in side]
    return frozenset((done,)).union(*known)


def superlative(text: str, other: str) -> str:
    """Return a text without the negation of "no … more than" where another has a superlative."""
    return _UNSURPASSED.sub(" ", text) if _SUPERLATIVE.search(other) else text


def _bounds_affirmed(text: str) -> str:
    """Return a text with bounds as it would affirm them: "not more than" is "fewer than"."""
    return _AT_LEAST.sub("more than", _AT_MOST.sub("fewer than", text))


def prefix_apart(text: str, other: str) -> str:
    """Return a text with "unclear" as "not clear" where another one has only "clear"."""
    theirs = set(terms(other))

    def apart(match: re.Match[str]) -> str:
        whole, bare = terms(match[0]), terms(match[1])
        return f"not {match[1]}" if theirs.isdisjoint(whole) and theirs & set(bare) else match[0]

    return _PREFIXED.sub(apart, text)
