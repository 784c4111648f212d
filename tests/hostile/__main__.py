"""Prints a table of what becomes of each hostile file: ``python -m tests.hostile``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.hostile.cases import CASES
from tests.hostile.outcomes import outcome


def main() -> None:
    """Read all cases, and print a row of Markdown for each."""
    sys.stdout.write("| file | ends in | seconds |\n| --- | --- | ---: |\n")
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            found = outcome(case, Path(folder))
            said = f"{len(found.text):,} characters of text" if found.text else found.message
            said = said.replace("|", "\\|").replace(folder, "")
            sys.stdout.write(f"| {case.name} | {said} | {found.seconds:.2f} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
