"""Shows values to people: with colours, wrapped, on a terminal; plain elsewhere."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from assistant import render
from assistant.holdings import DocumentInfo, FileReport, Outcome
from assistant.types import Answer, Excerpt, Hit, Verdict

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from assistant.durable import Checked
    from assistant.health import Status, Verification

_WIDEST = 100
_MOST_RECEIPTS = 50
_OUTCOMES = {
    Outcome.ADDED: "green",
    Outcome.UPDATED: "green",
    Outcome.RENAMED: "green",
    Outcome.REMOVED: "yellow",
    Outcome.DUPLICATE: "yellow",
    Outcome.FAILED: "red",
}
_PIECES = re.compile(r"\n|[^\S\n]+|\S+")


def terminal(*, error: bool = False) -> Console:
    """Return a console on standard output or error; colours only on a terminal without NO_COLOR."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    console = Console(
        file=stream,
        force_terminal=stream.isatty(),
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=not stream.isatty(),
    )
    console.width = min(console.width, _WIDEST)
    return console


def as_json(value: Any) -> None:
    """Write a value as JSON."""
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    sys.stdout.write(render.to_json_text(value, ascii_only=ascii_only))


def markdown(complete: Answer) -> None:
    """Write an answer as Markdown."""
    sys.stdout.write(render.to_markdown(complete))


def opened(address: str) -> None:
    """Say where the chat page is."""
    sys.stdout.write(f"The chat is open at {address} - Ctrl-C ends it.\n")
    sys.stdout.flush()


def removed(document: str) -> None:
    """Say that a document was removed."""
    sys.stdout.write(f"Removed {render.line(document)}.\n")


def citations(checked: Sequence[Checked]) -> None:
    """Show what became of citations: those that still stand where they stood are only counted."""
    console = terminal()
    for one in checked:
        state = one.state.value
        if state != "valid":
            cited = f"[{one.citation.mark}] {render.place(one.citation)}"
            there = filter(None, (one.document, one.place, f"{one.start}–{one.end}"))
            now = f", now {render.line(', '.join(there))}" if one.text else ""
            style = "green" if one.holds else "red"
            console.print(_line((f"{state:<9} ", style), cited, now))
            _indented(console, _line((f"“{render.line(one.citation.quote)}”", "dim")))
            if state == "changed":
                _indented(console, _line(f"“{render.line(one.text)}”"))
    counts = Counter(one.state.value for one in checked)
    summary = ", ".join(f"{count} {state}" for state, count in counts.items())
    console.print(f"{render.plural(len(checked), 'citation')}: {summary or 'nothing to check'}.")


def answer(snapshots: Iterable[Answer]) -> Answer:
    """Show an answer, on a terminal while it grows, and return it complete."""
    console = terminal()
    if not console.is_terminal:
        *_, last = snapshots
        sys.stdout.write(render.to_text(last))
        return last
    shown, column = "", 0
    for last in snapshots:
        text = render.body(last)
        column = _write(console, text[len(shown) :], column)
        shown = text
    console.print("\n" if shown else "", end="")
    _below(console, last)
    return last


def checked(text: Answer) -> None:
    """Show a checked text with its sources, and how much of it is supported."""
    if not text.claims:
        sys.stdout.write("The text says nothing that could be checked.\n")
        return
    sys.stdout.write(render.to_text(text))
    supported = sum(claim.verdict is Verdict.SUPPORTED for claim in text.claims)
    claims = render.plural(len(text.claims), "claim")
    sys.stdout.write(f"\n{supported} of {claims} supported.\n")


def found(results: Sequence[Hit | Excerpt]) -> None:
    """Show passages with their evidence standing out, or excerpts, best first."""
    console = terminal()
    for number, result in enumerate(results, start=1):
        source = result.passage if isinstance(result, Hit) else result
        text = _passage(result) if isinstance(result, Hit) else _line(render.line(result.text))
        heading = render.line(source.heading if source.heading != source.place else "")
        place = (f"{number}. {render.place(source)}", "bold")
        score = (f"  {result.score:.2f}", "dim")
        console.print(_line(place, f" › {heading}" if heading else "", score))
        _indented(console, text)
        if isinstance(result, Hit) and result.also:
            also = ", ".join(render.line(passage.document) for passage in result.also)
            _indented(console, _line((f"The same in {also}", "dim")))
        console.print()


def documents(infos: Sequence[DocumentInfo]) -> None:
    """Show what an index holds: a table on a terminal, else fields between tabs."""
    console = terminal()
    rows = [
        (render.line(i.name), str(i.pages or ""), str(i.passages), render.line(i.title))
        for i in infos
    ]
    if not console.is_terminal:
        sys.stdout.writelines("\t".join(row) + "\n" for row in rows)
        return
    from rich.table import Table

    table = Table("Document", box=None, header_style="bold", pad_edge=False)
    table.add_column("Files", justify="right")
    table.add_column("Pages", justify="right")
    table.add_column("Passages", justify="right")
    table.add_column("Title", style="dim")
    for info, (name, *rest) in zip(infos, rows, strict=True):
        table.add_row(*map(_line, (name, str(len(info.locations)), *rest)))
    console.print(table)


def reports(files: Sequence[FileReport]) -> None:
    """Show what became of each file that was to be added; unchanged ones are only counted."""
    console = terminal()
    for file in files:
        if file.outcome in _OUTCOMES:
            outcome = (f"{file.outcome.value:<9} ", _OUTCOMES[file.outcome])
            size = render.plural(file.passages, "passage") if file.passages else ""
            # What failed has no document yet, and a message that mostly names the file itself.
            failed = file.outcome is Outcome.FAILED
            name = file.path if failed else file.document
            name = "" if failed and file.name in file.message else name
            said = ", ".join(filter(None, [name, size, file.message]))
            console.print(_line(outcome, render.line(said)))
    counts = {outcome: sum(f.outcome is outcome for f in files) for outcome in Outcome}
    summary = ", ".join(f"{count} {outcome.value}" for outcome, count in counts.items() if count)
    console.print(
        f"{render.plural(len(files), 'file')}: {summary}." if files else "No files found."
    )


def status(state: Status) -> None:
    """Show the size and state of an index, and what was read of each file."""
    rows = {
        "Index": state.name,
        "Folder": state.folder,
        "Documents": f"{state.documents:,}",
        "Files": f"{sum(len(info.locations) for info in state.files):,}",
        "Passages": f"{state.passages:,}",
        "Characters": f"{state.characters:,}",
        "Size on disk": f"{state.disk_bytes / 1e6:,.1f} MB",
        "Embedding model": f"{state.encoder} {state.precision}".strip(),
        "Vector index": state.vectors,
        "Generation": f"{state.generation}, format {state.format}",
        "Kept in sync": "; ".join(f"{k.folder} (last {k.synced})" for k in state.folders) or "none",
    }
    console = terminal()
    for name, value in rows.items():
        console.print(_line((f"{name:<16}", "dim"), render.line(value)))
    if state.files:
        _receipts(console, state.files)


def _receipts(console: Console, files: Sequence[DocumentInfo]) -> None:
    """Show what was read of each file: first those of which something was not."""
    console.print()
    for file in sorted(files, key=lambda file: not file.notes)[:_MOST_RECEIPTS]:
        units = file.receipt.units
        read = render.plural(units, str(file.receipt.unit)) if units else ""
        counts = [render.plural(file.passages, "passage"), f"{file.characters:,} characters"]
        said = ", ".join(filter(None, [read, *counts]))
        console.print(_line(render.line(file.name), (f"  {said}", "dim")))
        for note in file.notes:
            _indented(console, _line((render.line(note), "yellow")))
    more = len(files) - _MOST_RECEIPTS
    if more > 0:
        console.print(_line((f"and {render.plural(more, 'more file')}: see --json", "dim")))


def verification(found: Verification) -> None:
    """Show what a check of an index came to."""
    console = terminal()
    for problem in found.repaired:
        console.print(_line(("repaired  ", "green"), render.line(problem)))
    for problem in found.problems:
        console.print(_line(("problem   ", "red"), render.line(problem)))
    checked = f"{found.passages_checked} passages checked"
    if found.ok:
        console.print(f"{checked}: all there, each findable by its own vector.")
    else:
        console.print(f"{checked}. `assistant verify --repair` mends what can be mended.")


def _write(console: Console, text: str, column: int) -> int:
    """Write a further piece of text, wrapped between words; return the column reached."""
    from rich.cells import cell_len

    for piece in _PIECES.findall(text):
        width = cell_len(piece)
        if column and not piece.isspace() and column + width > console.width:
            console.print()
            column = 0
        if piece == "\n":
            console.print()
            column = 0
        elif column or not piece.isspace():
            style = "cyan" if re.fullmatch(r"(?:\[\d+\])+", piece) else ""
            console.print(_line((piece, style)), end="", soft_wrap=True)
            column += width
    console.file.flush()
    return column


def _below(console: Console, last: Answer) -> None:
    """Show what stands below an answer: a remark, and the sources or the nearest passages."""
    if last.reason:
        console.print(_line((render.line(last.reason), "yellow" if last.refused else "italic")))
    sources = [(f"[{c.mark}]", render.place(c), render.line(c.quote)) for c in last.citations]
    if sources:
        console.print(_line(("\nSources", "bold")))
    elif last.refused and last.hits:
        console.print(_line(("\nThe nearest passages, which do not answer this:", "dim")))
        nearest = last.hits[: render.NEAREST]
        sources = [("-", render.place(hit.passage), render.gist(hit)) for hit in nearest]
    for mark, place, quote in sources:
        console.print(_line((mark, "cyan"), f" {place}"))
        _indented(console, _line((f"“{quote}”", "dim")))


def _indented(console: Console, text: Text) -> None:
    from rich.padding import Padding

    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, 4)))
    else:
        console.print(_line("    ", text))


def _passage(hit: Hit) -> Text:
    """Return a passage as one line, its evidence in bold."""
    pieces: list[str | tuple[str, str]] = []
    at = 0
    for start, end in sorted((e.start, e.end) for e in hit.evidence):
        low, high = max(start - hit.passage.start, at), end - hit.passage.start
        if low < high:
            pieces += [_run(hit.passage.text[at:low]), (_run(hit.passage.text[low:high]), "bold")]
            at = high
    return _line(*pieces, _run(hit.passage.text[at:]))


def _run(text: str) -> str:
    return re.sub(r"\s+", " ", render.plain(text))


def _line(*pieces: str | Text | tuple[str, str]) -> Text:
    """Return pieces, each with its style or without one, as one line."""
    from rich.text import Text

    return Text.assemble(*pieces)
