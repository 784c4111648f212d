"""Where question sets and runs are kept: in the index's folder, apart for each owner.

Where people log in, everybody has only what is theirs. Where nobody does, all
browsers share what is there, but for what was made of conversations.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant import feedback
from assistant.assistant import Assistant
from assistant.errors import SettingsError, StoreError
from assistant.settings import Settings
from assistant.web.about import is_loopback
from assistant.web.evaluate import program
from assistant.web.language import say, several
from assistant.web.uploads import safe

FOLDER = "evaluation"
JUDGED, PATH = "judged", "path"
SUFFIXES = (".csv", ".json", ".jsonl", ".tsv")
_QUESTIONS = "questions.jsonl"
_BUNDLED, _KEPT = "bundled/", "kept/"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A question set: its name, where it is, where its runs go, and whether it has documents."""

    name: str
    path: Path
    runs: Path
    has_documents: bool


class Room:
    """The sets and runs of one owner, with one index."""

    def __init__(self, assistant: Assistant, owner: str) -> None:
        """Find the room; nothing is made yet."""
        self.assistant = assistant
        self.owner = owner
        top = assistant.folder / FOLDER
        self.own = top / hashlib.sha256(owner.encode()).hexdigest()[:16]
        self.shared = None if logs_in(assistant.settings) else top / "shared"

    @property
    def kept(self) -> Path:
        """Where sets are kept that were uploaded, and their runs."""
        return self.shared or self.own

    @property
    def runs(self) -> list[Path]:
        """The folders that runs may be in: where nobody logs in, the command line's as well."""
        found = [self.own / "runs"]
        if self.shared:
            home = program.folder()
            found += [self.shared / "runs", *([home / "runs"] if home else [])]
        return found

    def choices(self) -> list[tuple[str, str]]:
        """Return the question sets there are: what each is called, and its key."""
        home = program.folder()
        bundled = list((home / "sets").glob(f"*/{_QUESTIONS}")) if home else []
        # Those that bring their documents along first: they can be asked anywhere.
        bundled.sort(key=lambda path: (not (path.parent / "documents").is_dir(), path))
        found = [
            (say("{name} (comes with the program)", name=name), f"{_BUNDLED}{name}")
            for name in (path.parent.name for path in bundled)
        ]
        uploads = sorted((self.kept / "sets").glob("*/*"))
        found += [
            (say("{name} (uploaded)", name=path.name), f"{_KEPT}{path.name}") for path in uploads
        ]
        judged = sum(
            bool(exchange.thumb and exchange.answer)
            for talk in self.assistant.conversations.judged(self.owner)
            for exchange in talk.exchanges
        )
        if judged:
            questions = several(
                "Answers you judged ({count} question)",
                "Answers you judged ({count} questions)",
                judged,
            )
            found.append((questions, JUDGED))
        if takes_paths(self.assistant.settings):
            found.append((say("A file or folder on this machine"), PATH))
        return found

    def chosen(self, key: str, path: str) -> Chosen:
        """Return the set with a key, or at a path; raises :class:`AssistantError` for others.

        The set of judged answers is made anew each time.
        """
        if key == JUDGED:
            return self._judged()
        if key == PATH and takes_paths(self.assistant.settings):
            if not path.strip():
                raise SettingsError(say("Type the path of a question set, or choose another set."))
            place = Path(path.strip()).expanduser()
            return Chosen(place.name, place, self.kept / "runs", (place / "documents").is_dir())
        known = {key for _, key in self.choices()}
        home = program.folder()
        if key in known and key.startswith(_KEPT):
            name = key.removeprefix(_KEPT)
            place = self.kept / "sets" / name / name
            return Chosen(name, place, self.kept / "runs", place.suffix.lower() == ".json")
        if key in known and home and key.startswith(_BUNDLED):
            place = home / "sets" / key.removeprefix(_BUNDLED)
            has_documents = (place / "documents").is_dir()
            return Chosen(place.name, place, self.kept / "runs", has_documents)
        raise SettingsError(say("Choose a question set first."))

    def keep(self, upload: Path) -> str:
        """Keep an uploaded question set, in place of one of its name; returns its key.

        It has a folder of its own: what lies beside a set may be taken for its documents.
        """
        name = safe(upload.name)
        if Path(name).suffix.lower() not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            raise SettingsError(
                say(
                    "{name} is no question set. Upload one of {known}.",
                    name=upload.name,
                    known=known,
                )
            )
        folder = self.kept / "sets" / name
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=self.kept, prefix=".set-") as beside:
                made = Path(beside) / "new"
                made.mkdir()
                shutil.move(upload, made / name)
                if folder.exists():
                    folder.rename(Path(beside) / "old")
                made.rename(folder)
        except OSError as error:
            raise StoreError(
                say(
                    "{name} can’t be kept: {reason}. Make room on the disk, or see to the rights of"
                    " the index’s folder.",
                    name=name,
                    reason=error.strerror or error,
                )
            ) from error
        return f"{_KEPT}{name}"

    def _judged(self) -> Chosen:
        place = self.own / "judged-answers"
        shutil.rmtree(place, ignore_errors=True)
        feedback.write(self.assistant, place, self.owner)
        return Chosen(place.name, place, self.own / "runs", has_documents=False)


def logs_in(settings: Settings) -> bool:
    """Tell whether people log in at the page."""
    return bool(settings.users or settings.password.get_secret_value())


def takes_paths(settings: Settings) -> bool:
    """Tell whether whoever uses the page may name files of this machine."""
    return is_loopback(settings.host) and not logs_in(settings)
