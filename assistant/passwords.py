"""Who may log in: names with hashed passwords, compared in constant time.

Hashes are scrypt's (RFC 7914), written as ``scrypt$N$r$p$salt$hash`` with salt
and hash in base64. The users file has a line ``name:hash`` for each user.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from assistant.errors import SettingsError
from assistant.settings import Settings

SHORTEST = 8
"""Characters that a password must have."""
_N, _R, _P = 2**14, 8, 5  # 16 MB and about a fifth of a second, as OWASP advises
_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Hashed:
    """A password's hash, and what it was made with."""

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> Self:
        """Hash a password with a salt of its own."""
        salt = secrets.token_bytes(16)
        return cls(_N, _R, _P, salt, _scrypt(password, salt, _N, _R, _P))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a hash as :meth:`written`; raises ValueError where it is none."""
        name, n, r, p, salt, digest = text.split("$")
        if name != "scrypt":
            raise ValueError(name)
        decoded = [base64.b64decode(part, validate=True) for part in (salt, digest)]
        return cls(int(n), int(r), int(p), *decoded)

    def written(self) -> str:
        """Return the hash as text."""
        salt, digest = (base64.b64encode(part).decode() for part in (self.salt, self.digest))
        return f"scrypt${self.n}${self.r}${self.p}${salt}${digest}"

    def matches(self, password: str) -> bool:
        """Tell whether it is the hash of a password, in a time that does not depend on how near."""
        digest = _scrypt(password, self.salt, self.n, self.r, self.p)
        return hmac.compare_digest(digest, self.digest)


@dataclass(frozen=True)
class Users:
    """Those who may log in. Without names there is one password, and whoever knows it is "".

    A name that nobody has costs as much time as one with a wrong password.
    """

    hashes: dict[str, Hashed]
    named: bool
    _nobody: Hashed = field(default_factory=lambda: Hashed.of(secrets.token_hex()))

    def user(self, name: str, password: str) -> str | None:
        """Return the user of this name and password, or None; takes about 0.2 s."""
        name = name if self.named else ""
        known = self.hashes.get(name)
        matches = (known or self._nobody).matches(password)
        return name if known and matches else None


def users(settings: Settings) -> Users | None:
    """Return who may log in, or None where nobody has to.

    Raises :class:`SettingsError` where password or users file can't be used.
    """
    password = settings.password.get_secret_value()
    if settings.users:
        return Users(_read(settings.users), named=True)
    if password:
        return Users({"": Hashed.of(checked(password, "ASSISTANT_PASSWORD"))}, named=False)
    return None


def checked(password: str, what: str) -> str:
    """Return a password that is long enough; raises :class:`SettingsError` for others."""
    if len(password) < SHORTEST:
        raise SettingsError(f"{what} is too short. Take at least {SHORTEST} characters.")
    return password


def line(name: str, password: str) -> str:
    """Return the line of the users file for a user."""
    if not name or ":" in name or name != name.strip() or name.startswith("#"):
        raise SettingsError(f"{name!r} is no name for a user. Choose one without ':' and spaces.")
    return f"{name}:{Hashed.of(checked(password, 'The password')).written()}"


def _read(file: Path) -> dict[str, Hashed]:
    try:
        rows = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The users file {str(file)!r} can't be read: {error}.") from None
    found: dict[str, Hashed] = {}
    for number, row in enumerate(rows, 1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        name, _, text = row.strip().partition(":")
        try:
            found[name] = Hashed.read(text)
        except (ValueError, TypeError, binascii.Error):
            raise SettingsError(
                f"Line {number} of the users file {str(file)!r} is no name:hash. "
                "`assistant password NAME` prints such lines."
            ) from None
    if not found:
        raise SettingsError(
            f"The users file {str(file)!r} names nobody. `assistant password NAME` prints a line."
        )
    return found


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    secret = password.encode("utf-8", "surrogatepass")
    memory = 128 * r * (n + p + 2)
    return hashlib.scrypt(secret, salt=salt, n=n, r=r, p=p, dklen=_LENGTH, maxmem=2 * memory)
