"""A question set in any of the known formats → its questions and the folder of its documents."""

from __future__ import annotations

from pathlib import Path

from eval.errors import QuestionSetError
from eval.formats import beir, ours, squad, table
from eval.questions import RUNS, QuestionSet

SETS = Path(__file__).resolve().parent.parent / "sets"
"""The sets that come with the program, each a folder named after it."""
_TABLES = (".csv", ".tsv")
_KNOWN = (
    f"a folder with {ours.QUESTIONS} and documents/, a BEIR folder with {beir.CORPUS}, "
    f"{beir.QUERIES} and qrels/, a SQuAD .json file, a .jsonl file, or a .csv or .tsv file"
)


def load_set(
    name_or_path: str | Path, *, work: Path = RUNS, documents: Path | None = None
) -> QuestionSet:
    """Read a question set by path, or by the name of one that comes with the program.

    What is there decides the format: our own, SQuAD, BEIR (``PATH#dev`` picks
    a split), CSV or TSV. ``documents`` is the folder of documents for a set
    that does not bring them as texts inside. Such texts are written as
    documents below ``work``, once, and used again while the set stays the same.
    Raises :class:`QuestionSetError`, naming the file, the place and the fault.
    """
    try:
        path, split = _found(name_or_path)
        return _read(path, split, work, documents)
    except OSError as error:
        raise QuestionSetError(
            f"{error.filename or name_or_path} can't be read or written: "
            f"{error.strerror or error}. Check the path, who may use it, and the space on the disk."
        ) from error


def _found(name_or_path: str | Path) -> tuple[Path, str]:
    """Return the path of a set and the split that is asked for, or nothing."""
    path = Path(name_or_path)
    if path.exists():
        return path, ""
    base, mark, split = str(name_or_path).rpartition("#")
    if base and mark and split and Path(base).is_dir():
        return Path(base), split
    if path.parts == (path.name,) and (SETS / path.name).is_dir():
        return SETS / path.name, ""
    names = ", ".join(sorted(folder.name for folder in SETS.iterdir() if folder.is_dir()))
    raise QuestionSetError(
        f"There is no question set {str(name_or_path)!r}. "
        f"Give the path of one, or the name of one that is here: {names}."
    )


def _read(path: Path, split: str, work: Path, documents: Path | None) -> QuestionSet:
    if path.is_dir() and (path / ours.QUESTIONS).is_file() and not split:
        return ours.read(path / ours.QUESTIONS, documents)
    if path.is_dir() and any((path / name).is_file() for name in (beir.CORPUS, beir.QUERIES)):
        _refuse(documents, path)
        return beir.read(path, split, work)
    if split:
        raise QuestionSetError(f"{path} is no BEIR folder. Leave out #{split}.")
    kind = path.suffix.lower() if path.is_file() else ""
    if kind == ".json":
        _refuse(documents, path)
        return squad.read(path, work)
    if kind == ".jsonl":
        return ours.read(path, documents)
    if kind in _TABLES:
        return table.read(path, documents)
    raise QuestionSetError(f"{str(path)!r} is no question set. Give {_KNOWN}.")


def _refuse(documents: Path | None, path: Path) -> None:
    if documents is not None:
        raise QuestionSetError(
            f"{path} brings its documents along as texts, and can't be asked of {documents}. "
            "Leave the folder out."
        )
