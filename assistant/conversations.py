"""Conversations: what was asked and answered, and what people thought of it, in a file of its own.

``conversations.sqlite3`` lies beside the catalog and has a version of its own.
No writer's lock is needed to keep a question, and an index is exported without
what was asked of it. Each conversation belongs to an owner, a name that the
caller makes up and that nobody can guess: to all others it does not exist.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.database import Database
from assistant.errors import ConversationNotFound, StoreError
from assistant.exchanges import (
    LONGEST_TITLE,
    Conversation,
    Exchange,
    Listed,
    Stage,
    Thumb,
    clean,
    packed,
    title_of,
    unpacked,
)
from assistant.sqlite_errors import Kind
from assistant.text import fold
from assistant.types import Answer

FILE = "conversations.sqlite3"
VERSION = 2
_KIND = Kind("file of conversations", "Move it elsewhere; a new one is begun.")
_UNREADABLE = "This answer was saved by another version of this program, and can't be shown."
_STATEMENTS = (
    "CREATE TABLE conversations (key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
    " owner TEXT NOT NULL, title TEXT NOT NULL, folded TEXT NOT NULL, begun TEXT NOT NULL,"
    " changed TEXT NOT NULL)",
    "CREATE INDEX conversations_owner ON conversations (owner, changed)",
    # Folded texts are what is searched: without case and accents.
    "CREATE TABLE exchanges (conversation INTEGER NOT NULL REFERENCES conversations (key)"
    " ON DELETE CASCADE, number INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT,"
    " stage TEXT NOT NULL, problem TEXT NOT NULL, asked TEXT NOT NULL, thumb TEXT NOT NULL,"
    " reason TEXT NOT NULL, folded TEXT NOT NULL, expected TEXT,"
    " PRIMARY KEY (conversation, number)) WITHOUT ROWID",
    f"PRAGMA user_version = {VERSION}",
)
_OLDER = {
    1: ("ALTER TABLE exchanges ADD COLUMN expected TEXT", f"PRAGMA user_version = {VERSION}"),
}
"""What brings the tables of an older version up to this one."""


class Conversations:
    """The file of conversations of one index. An owner of None stands for all owners."""

    def __init__(self, folder: Path) -> None:
        """Name the index's folder; the file is made when something is first asked."""
        self._database = Database(folder / FILE, _KIND)
        self._guard = threading.Lock()
        self._ready = False

    # -- what is asked -------------------------------------------------------------------------

    def begin(self, owner: str, conversation: str, question: str) -> tuple[str, int]:
        """Keep a question; return its conversation and its number there.

        It begins a conversation where the owner has none of this id.
        """
        now, question = _now(), clean(question)
        with self._write() as connection:
            key = _key(connection, owner, conversation)
            if key is None:
                conversation, title = secrets.token_hex(8), title_of(question)
                key = connection.execute(
                    "INSERT INTO conversations (id, owner, title, folded, begun, changed)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (conversation, owner, title, fold(title), now, now),
                ).lastrowid
            [number] = connection.execute(
                "SELECT coalesce(max(number), 0) + 1 FROM exchanges WHERE conversation = ?", (key,)
            ).fetchone()
            connection.execute(
                "INSERT INTO exchanges VALUES (?, ?, ?, NULL, ?, '', ?, '', '', ?, NULL)",
                (key, number, question, Stage.RUNNING, now, fold(question)),
            )
            connection.execute("UPDATE conversations SET changed = ? WHERE key = ?", (now, key))
            return conversation, number

    def again(self, owner: str, conversation: str, number: int, question: str) -> None:
        """Forget an answer and what was thought of it: its question, or another, is asked anew."""
        now, question = _now(), clean(question)
        with self._write() as connection:
            key = _known_key(connection, owner, conversation)
            connection.execute(
                "UPDATE exchanges SET question = ?, answer = NULL, stage = ?, problem = '',"
                " asked = ?, thumb = '', reason = '', folded = ?, expected = NULL"
                " WHERE conversation = ? AND number = ?",
                (question, Stage.RUNNING, now, fold(question), key, number),
            )
            connection.execute("UPDATE conversations SET changed = ? WHERE key = ?", (now, key))

    def end(
        self,
        owner: str,
        conversation: str,
        number: int,
        stage: Stage,
        answer: Answer | None,
        problem: str = "",
    ) -> None:
        """Keep what became of a question; only the first that is said of it counts."""
        folded = fold(f" {answer.text}") if answer else ""
        with self._write() as connection:
            connection.execute(
                "UPDATE exchanges SET stage = ?, answer = ?, problem = ?, folded = folded || ?"
                " WHERE stage = ? AND number = ? AND conversation ="
                " (SELECT key FROM conversations WHERE id = ? AND owner = ?)",
                (
                    stage,
                    packed(answer),
                    clean(problem),
                    clean(folded),
                    Stage.RUNNING,
                    number,
                    conversation,
                    owner,
                ),
            )

    def judge(
        self, owner: str, conversation: str, number: int, thumb: Thumb, reason: str = ""
    ) -> None:
        """Keep what somebody thinks of an answer, in place of what they thought before."""
        with self._write() as connection:
            connection.execute(
                "UPDATE exchanges SET thumb = ?1, reason = ?2,"
                " expected = CASE WHEN ?1 = 'down' THEN expected END"
                " WHERE number = ?3 AND conversation = ?4",
                (thumb, clean(reason), number, _known_key(connection, owner, conversation)),
            )

    def expect(self, owner: str, conversation: str, number: int, expected: str) -> None:
        """Keep what the right answer is, nothing where the documents don't hold it."""
        with self._write() as connection:
            connection.execute(
                "UPDATE exchanges SET expected = ? WHERE number = ? AND conversation = ?",
                (clean(expected), number, _known_key(connection, owner, conversation)),
            )

    # -- conversations -------------------------------------------------------------------------

    def listed(self, owner: str | None, wanted: str = "", most: int = 200) -> list[Listed]:
        """Return conversations, the newest first; those that hold all words that are wanted.

        A word may begin anywhere; case and accents do not count.
        """
        words = fold(clean(wanted)).split()
        holds = " AND (instr(c.folded, ?) OR EXISTS (SELECT 1 FROM exchanges e"
        holds += " WHERE e.conversation = c.key AND instr(e.folded, ?)))"
        rows = self._read(
            "SELECT c.id, c.title, c.changed, (SELECT count(*) FROM exchanges e"  # noqa: S608
            " WHERE e.conversation = c.key) FROM conversations c WHERE c.owner = ifnull(?, c.owner)"
            f"{holds * len(words)} ORDER BY c.changed DESC, c.key DESC LIMIT ?",
            (owner, *(word for word in words for _ in range(2)), most),
        )
        return [Listed(*row) for row in rows]

    def get(self, owner: str | None, conversation: str) -> Conversation:
        """Return a conversation; raises :class:`ConversationNotFound`, also where it is another's.

        A question whose answer never came to an end counts as stopped.
        """
        found = self._read(
            "SELECT key, id, title, begun FROM conversations"
            " WHERE id = ? AND owner = ifnull(?, owner)",
            (conversation, owner),
        )
        if not found:
            raise _missing(conversation)
        [(key, talk, title, begun)] = found
        rows = self._read(
            "SELECT number, question, answer, stage, problem, asked, thumb, reason, expected"
            " FROM exchanges WHERE conversation = ? ORDER BY number",
            (key,),
        )
        return Conversation(talk, title, begun, tuple(_exchange(*row) for row in rows))

    def judged(self, owner: str | None = None) -> Iterator[Conversation]:
        """Yield conversations in which an answer was judged, the oldest first."""
        for (conversation,) in self._read(
            "SELECT id FROM conversations WHERE owner = ifnull(?, owner) AND key IN"
            " (SELECT conversation FROM exchanges WHERE thumb != '') ORDER BY key",
            (owner,),
        ):
            yield self.get(owner, conversation)

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Give a conversation another title; a blank one changes nothing."""
        title = " ".join(clean(title).split())[:LONGEST_TITLE]
        if not title:
            return
        with self._write() as connection:
            connection.execute(
                "UPDATE conversations SET title = ?, folded = ? WHERE key = ?",
                (title, fold(title), _known_key(connection, owner, conversation)),
            )

    def delete(self, owner: str | None, conversation: str) -> None:
        """Delete a conversation, with every trace of it in the file."""
        with self._write() as connection:
            key = _known_key(connection, owner, conversation)
            connection.execute("DELETE FROM conversations WHERE key = ?", (key,))
        self._database.compact()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # -- inside --------------------------------------------------------------------------------

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        self._prepare()
        with self._database.write() as connection:
            yield connection

    def _read(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        if not self._database.path.exists():
            return []
        self._prepare()
        return list(self._database.read(query, values))

    def _prepare(self) -> None:
        """Make the tables where there are none; refuse those of another version."""
        with self._guard:
            if self._ready:
                return
            with self._database.write() as connection:
                [version] = connection.execute("PRAGMA user_version").fetchone()
                for statement in _OLDER.get(version, () if version else _STATEMENTS):
                    connection.execute(statement)
            if version not in {0, VERSION, *_OLDER}:
                raise StoreError(
                    f"{self._database.path} holds conversations of version {version}; this program"
                    f" reads version {VERSION}. Use the program that wrote it, or move it elsewhere"
                    " to begin anew."
                )
            self._ready = True


def _key(connection: sqlite3.Connection, owner: str | None, conversation: str) -> int | None:
    row = connection.execute(
        "SELECT key FROM conversations WHERE id = ? AND owner = ifnull(?, owner)",
        (conversation, owner),
    ).fetchone()
    return int(row[0]) if row else None


def _known_key(connection: sqlite3.Connection, owner: str | None, conversation: str) -> int:
    key = _key(connection, owner, conversation)
    if key is None:
        raise _missing(conversation)
    return key


def _missing(conversation: str) -> ConversationNotFound:
    return ConversationNotFound(
        f"There is no conversation {conversation!r}. It may have been deleted; `assistant"
        " conversations` lists those that are there."
    )


def _exchange(
    number: int, question: str, answer: str | None, stage: str, problem: str, *rest: str
) -> Exchange:
    asked, thumb, reason, expected = rest
    read = unpacked(answer) if answer else None
    if answer and read is None:
        problem = f"{problem} {_UNREADABLE}".strip()
    ended = Stage.STOPPED if stage == Stage.RUNNING else Stage(stage)
    return Exchange(number, question, read, ended, problem, asked, Thumb(thumb), reason, expected)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
