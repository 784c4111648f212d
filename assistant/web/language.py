"""The page's language: the one a browser prefers, of those there are catalogs for.

What the page says is English in the code, inside ``say`` or ``several``; the
catalogs in ``locale/`` have it in other languages. Whoever asks is known by the
request that is being answered, which Gradio keeps at hand for each event.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path

from babel import Locale, dates, negotiate_locale, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch", "es": "Español", "fr": "Français"}
"""Those the page speaks, each by its own name."""
_OTHER = "de"
"""One that has a catalog; all have the same texts."""
CATALOGS = Path(__file__).with_name("locale")
_SPOKEN: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def say(text: str, /, **values: object) -> str:
    """Return a text in the language spoken now, with values in place of its {names}."""
    return _catalog(spoken()).gettext(text).format(**values)


def several(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the text for a number of things, which is its {count}."""
    said = _catalog(spoken()).ngettext(one, many, count)
    return said.format(count=number(count), **values)


def later(text: str) -> str:
    """Return a text as it is: it is in the catalogs, and said when it is needed."""
    return text


def known(text: str) -> bool:
    """Tell whether the catalogs have a text."""
    return text in _texts(_OTHER)


def number(value: float, places: int | None = None) -> str:
    """Return a number as it is written in the language, rounded to so many places."""
    pattern = None if places is None else f"#,##0.{'0' * places}".rstrip(".")
    return numbers.format_decimal(value, pattern, locale=_locale())


def day(moment: datetime, now: datetime) -> str:
    """Return when something was: the time of today, else the day, with the year if not this."""
    if moment.date() == now.date():
        return dates.format_time(moment, "short", locale=_locale())
    skeleton = "MMMMd" if moment.year == now.year else "yMMMMd"
    return dates.format_skeleton(skeleton, moment, locale=_locale())


def date(then: datetime) -> str:
    """Return a day, with its year."""
    return dates.format_date(then, "long", locale=_locale())


def moment(then: datetime) -> str:
    """Return a day and its time."""
    return f"{date(then)}, {dates.format_time(then, 'short', locale=_locale())}"


def spoken() -> str:
    """Return the code of the language that is spoken to whoever is being answered."""
    from gradio.context import LocalContext

    # An event's own request comes first: the task it runs in may have been begun by another.
    request = LocalContext.request.get(None)
    return preferred(request.headers.get("accept-language", "")) if request else _SPOKEN.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Have a language spoken within the context, where no event's request says another."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def preferred(accepted: str) -> str:
    """Return the language that suits best what a browser's Accept-Language asks for."""
    wishes = []
    for wish in accepted.split(",")[:20]:
        name, _, quality = wish.partition(";q=")
        try:
            wishes.append((-float(quality or 1), name.strip().lower().replace("-", "_")))
        except ValueError:
            continue
    wished = [name for _, name in sorted(wishes, key=lambda wish: wish[0])]
    return negotiate_locale(wished, LANGUAGES) or ENGLISH


def texts() -> dict[str, str]:
    """Return the catalog of the language spoken now, for scripts; English needs none."""
    return _texts(spoken())


def _locale() -> str:
    return "en_GB" if spoken() == ENGLISH else spoken()


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    if language == ENGLISH:
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with (CATALOGS / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=Locale.parse(language)))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def _texts(language: str) -> dict[str, str]:
    if language == ENGLISH:
        return {}
    with (CATALOGS / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=Locale.parse(language))
    return {
        one.id: one.string
        for one in catalog
        if one.id and isinstance(one.id, str) and isinstance(one.string, str)
    }
