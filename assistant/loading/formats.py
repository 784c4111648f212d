"""Which module reads which kind of file.

Readers are named, not imported: most need libraries that only the process
which reads hostile files should load.
"""

from __future__ import annotations

from importlib import import_module

from assistant.errors import CorruptDocument, LoadError
from assistant.loading.archives import check_archive
from assistant.loading.extracted import Extracted, storable
from assistant.loading.limits import Limits

_LINES = """
    .bash .bat .bib .c .cc .cfg .clj .cmake .cmd .conf .cpp .cs .css .cxx .dart .diff .erl .ex .exs
    .f90 .go .gradle .graphql .groovy .h .hpp .hs .ini .java .jl .js .jsx .kt .kts .less .lisp .log
    .lua .m .mjs .ml .patch .php .pl .pm .properties .proto .ps1 .py .r .rb .rs .sass .scala .scss
    .sh .sql .srt .swift .tcl .tex .tf .toml .ts .tsx .vb .vim .vtt .vue .xml .yaml .yml .zsh
""".split()
READERS = {
    **dict.fromkeys((".txt", ".text", ".rst", ".adoc", ".org"), "plain.read_plain"),
    **dict.fromkeys(_LINES, "plain.read_lines"),
    **dict.fromkeys((".md", ".markdown"), "markdown.read_markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html.read_html"),
    ".pdf": "pdf.read_pdf",
    **dict.fromkeys((".docx", ".docm"), "docx.read_docx"),
    **dict.fromkeys((".pptx", ".pptm"), "slides.read_slides"),
    **dict.fromkeys((".xlsx", ".xlsm"), "sheets.read_sheets"),
    ".csv": "delimited.read_delimited",
    ".tsv": "delimited.read_tabbed",
    ".json": "records.read_json",
    **dict.fromkeys((".jsonl", ".ndjson"), "records.read_json_lines"),
    ".epub": "epub.read_epub",
    ".eml": "mail.read_mail",
    ".rtf": "rtf.read_rtf",
    ".odt": "odt.read_odt",
}
"""The reader of each ending, in lower case: its module here, and its name there."""
ARCHIVE = ".zip"
SUFFIXES = (*READERS, ARCHIVE)
"""The endings of the file names that can be read."""
COMMON = (
    ".txt, .md, .html, .pdf, .docx, .pptx, .xlsx, .csv, .tsv, .json, .jsonl, .epub, .eml, .rtf, "
    ".odt, .log"
)
"""Those that are met most."""
KINDS = f"{COMMON}, source code and other plain text, and .zip of those"
"""All of them in words."""
_PACKED = frozenset({".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm", ".epub", ".odt"})
_HARMLESS = frozenset({"plain.read_plain", "plain.read_lines"})
_LIMITED = frozenset({".pdf", ".eml"})
"""The readers of these are told the limits."""


def is_harmless(suffix: str) -> bool:
    """Tell whether a kind of file can be read without a process of its own."""
    return READERS.get(suffix) in _HARMLESS


def read(suffix: str, data: bytes, limits: Limits) -> Extracted:
    """Read the bytes of a file of a known ending; raises :class:`LoadError`, without its name."""
    if suffix in _PACKED:
        check_archive(data, limits)
    module, name = READERS[suffix].split(".")
    reader = getattr(import_module(f"assistant.loading.{module}"), name)
    try:
        found: Extracted = reader(data, limits) if suffix in _LIMITED else reader(data)
    except (LoadError, MemoryError):
        raise
    except Exception as error:
        # The libraries behind the readers fail in many ways on damaged or hostile files.
        raise CorruptDocument(
            f"it is damaged, or not what its name says ({type(error).__name__}). Open it in its "
            "own program and save it anew."
        ) from error
    return storable(found)
