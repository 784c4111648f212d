"""Words of a claim that another text may well lack and still say the same."""

from __future__ import annotations

from assistant.text import FUNCTION_WORDS

LIGHT_WORDS = FUNCTION_WORDS | frozenset(
    """
    according alike almost along also although among around away despite either even ever nearly
    neither only per roughly since single some still thing things though today together upon way
    within without yet less than
    add added adds argue argued argues believe believed believes call called calls complain
    complained complains consider considered describe described describes entitled explain
    explained explains express expressed find found finds hold holds held note noted notes report
    reported reports say see sees saw state stated states think thinks thought view viewed wrote
    bring brought give gave given go goes going went get got make made making put take takes took
    taken become became use used amount amounted amounts
    """.split()
)
"""The words that say how something is told, and verbs that say little by themselves."""
