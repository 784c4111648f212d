"""Plain text: bytes → characters, and nothing changed but line ends."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from contextlib import suppress

from charset_normalizer import from_bytes

from assistant.errors import CorruptDocument
from assistant.loading.extracted import Extracted
from assistant.places import Place, Receipt, Unit

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONGEST_TITLE_LINE = 120
_SAMPLE = 200_000
_COMMONEST = "cp1252"
# Escape is left out: logs are full of colours.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
_UNSEEN = bytes(range(0x21)) + b"\x7f"
"""White space and control characters: bytes of nothing else hold no text, in any encoding."""
_DECLARABLE = re.compile(
    r"(windows|cp|ibm|iso|latin|koi8|mac|shift|sjis|euc|gb|big5|tis|us-ascii)[\w-]*", re.IGNORECASE
)
_SEQUENCES_A_FAULT = 4
_SCRIPTS = frozenset(range(0x11)) - {0x09, 0x0A, 0x0D}
"""The first bytes of letters from Latin to Georgian; those that plain text has are left out."""
_NEARLY_ALL = 0.9


def read_plain(data: bytes) -> Extracted:
    """Read plain text; a short first line that stands alone is its title."""
    text = decode(data)
    first, _, rest = text.partition("\n")
    line = first.strip()
    stands_alone = rest.startswith("\n") and rest.strip()
    is_title = stands_alone and len(line) <= _LONGEST_TITLE_LINE and line[-1:] not in ".,;:"
    return Extracted(text, line if is_title else "")


def read_lines(data: bytes) -> Extracted:
    """Read source code, a log or the like, of which a stretch is cited by its lines."""
    text = decode(data)
    place = Place(0, len(text), Unit.LINE, 1)
    count = text.count("\n") + (not text.endswith("\n"))
    return Extracted(text, places=(place,), receipt=Receipt(Unit.LINE, count))


def decode(data: bytes, declared: str = "") -> str:
    """Turn bytes into text with plain line feeds: UTF-8, UTF-16, as declared, or as detected.

    Raises :class:`CorruptDocument` for bytes that are no text.
    """
    if data.startswith(b"%PDF-") and b"endobj" in data:
        raise CorruptDocument("it is a PDF by its content. Give it the ending .pdf.")
    if not data.strip(_UNSEEN):
        return ""
    text = _decoded(data, declared)
    controls = len(_CONTROL.findall(text, 0, _SAMPLE))
    if controls > 0.01 * min(len(text), _SAMPLE):
        raise CorruptDocument("it holds binary data, not text. Give its real ending to the file.")
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode("utf-8")


def _decoded(data: bytes, declared: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    wide = _wide(data)
    if wide:
        return wide
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_quite_utf8(data, error.start, declared)


def _wide(data: bytes) -> str:
    """Return text in UTF-16 without a mark, or nothing where it is none.

    Every other byte of it says which script a letter is of: nearly all of
    these are the same or the zero of spaces, and below those of plain text.
    """
    for encoding, high in (("utf-16-le", data[1:_SAMPLE:2]), ("utf-16-be", data[0:_SAMPLE:2])):
        counts = Counter(high)
        scripts = [byte for byte, _ in counts.most_common(2) if byte in _SCRIPTS]
        if scripts and sum(counts[byte] for byte in scripts) > _NEARLY_ALL * len(high):
            text = data.decode(encoding, "replace")
            if not _CONTROL.search(text, 0, _SAMPLE):
                return text
    return ""


def _not_quite_utf8(data: bytes, fault: int, declared: str) -> str:
    text = data.decode("utf-8", "replace")
    faults = text.count("\ufffd")
    sequences = len(text) - len(text.encode("ascii", "ignore")) - faults
    if sequences >= _SEQUENCES_A_FAULT * faults:
        # A few stray bytes in UTF-8 must not turn the whole of it into something else.
        return text
    if _DECLARABLE.fullmatch(declared):
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode(declared)
    start = data.rfind(b"\n", 0, fault) + 1
    end = data.rfind(b"\n", start, start + _SAMPLE) + 1 if len(data) > start + _SAMPLE else 0
    # The sample holds the first doubtful byte, and ends with a line: cut elsewhere, it could
    # end inside a character.
    return data.decode(_detected(data[start : end or len(data)]), "replace")


def _detected(data: bytes) -> str:
    matches = from_bytes(data)
    best = matches.best()
    if best is None:
        raise CorruptDocument(
            "it is no text, or in an encoding that can't be told. Save it as UTF-8."
        )
    as_good = (m for m in matches if (m.chaos, m.coherence) == (best.chaos, best.coherence))
    # Of encodings that fit equally well, the detector takes the first by name, not the commonest.
    tied = {*best.could_be_from_charset, *(match.encoding for match in as_good)}
    return _COMMONEST if _COMMONEST in tied else best.encoding
