"""Settings changed while the program runs, written to the file they are read from."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from assistant.errors import SettingsError
from assistant.settings import SETTINGS_FILE

_SECRETS = {"api_key", "password"}


def write(changes: Mapping[str, str | int | float | None]) -> None:
    """Set settings in the file, and leave out those that are None; the rest stays as it is.

    The file is the older one or the new one at any time, and only its owner's
    where it holds a secret. Raises :class:`SettingsError` where it can't be written.
    """
    file = Path(SETTINGS_FILE).resolve()
    try:
        content = tomlkit.parse(file.read_text("utf-8")) if file.exists() else tomlkit.document()
        for name, value in changes.items():
            if value is None:
                content.pop(name, None)
            else:
                content[name] = value
        private = not file.exists() or any(content.get(name) for name in _SECRETS)
        _replace(file, tomlkit.dumps(content), 0o600 if private else file.stat().st_mode)
    except (OSError, ValueError, TOMLKitError) as error:
        raise SettingsError(
            f"Nothing was changed: {file} can't be written ({error}). Make it writable, or start "
            "the program in another folder."
        ) from error


def _replace(file: Path, text: str, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as written:
            written.write(text)
            written.flush()
            os.fsync(handle)
        Path(name).chmod(mode & 0o777)
        Path(name).replace(file)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
