"""Plain text: what holds nothing to read is not taken for text."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import EmptyDocument
from assistant.loading import load


@pytest.mark.parametrize(
    "data", [b"\x01\x02\x03", b"\x00\x01", b"\x04\x03\x02\x01", b" \n\x0b\x7f"]
)
def test_control_characters_alone_are_no_text(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(EmptyDocument, match="holds no text"):
        load(tmp_path / "a.txt")
