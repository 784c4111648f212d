"""What was drafted, in words for a terminal."""

from __future__ import annotations

from rich.text import Text

from eval.drafting import DraftReport


def drafts(report: DraftReport) -> Text:
    """Say what was written, and that it is to be edited."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in report.kinds.items())
    lines = [
        f"Drafted {sum(report.kinds.values())} questions in {report.folder}: {kinds}.",
        "They are drafts: read, mend and delete them; README.md in the folder says how.",
    ]
    if report.held_out:
        lines.append(
            f"Left out, so that questions on it are to be refused: {', '.join(report.held_out)}."
        )
    lines += [f"Not copied: {line}" for line in report.left_out]
    lines.append(f"Then: python -m eval run --set {report.folder}")
    return Text("\n".join(lines))
