"""Makes hostile files: bombs, circles, lies about sizes, and what leads out of a file."""

from __future__ import annotations

import random
import zlib
from email.message import EmailMessage

from tests.loading import files
from tests.loading.pdfs import assembled

TEXT = "It rained for nine days. Then the river rose."


def entities(name: str, depth: int = 9) -> bytes:
    """Return the declaration of an entity that unfolds to ten to the power of its depth."""
    steps = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(depth + 1)
    )
    return f"<!DOCTYPE {name} [{steps}]>".encode()


def bombed(data: bytes, member: str, place: bytes, name: str = "x") -> bytes:
    """Return an office file with such an entity in one of its parts."""
    xml = files.member(data, member)
    assert place in xml
    head, found, rest = xml.partition(b"?>")
    if not found:
        head, rest = b'<?xml version="1.0"', xml
    return files.with_members(
        data, {member: head + b"?>" + entities(name) + rest.replace(place, b"&a9;", 1)}
    )


def outside(data: bytes, member: str, place: bytes) -> bytes:
    """Return an office file with an entity that would draw in a file of the machine."""
    xml = files.member(data, member)
    head, _, rest = xml.partition(b"?>")
    kind = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return files.with_members(data, {member: head + b"?>" + kind + rest.replace(place, b"&e;", 1)})


def noise() -> bytes:
    return random.Random(7).randbytes(50_000)  # noqa: S311 - the same at each run


def flate_bomb() -> bytes:
    """Return a PDF whose page unpacks to 300 MB of spaces."""
    squeezer = zlib.compressobj(9)
    packed = b"".join(squeezer.compress(b" " * 1_000_000) for _ in range(300)) + squeezer.flush()
    stream = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            stream + packed + b"\nendstream",
        ],
        "",
    )


def circular() -> bytes:
    """Return a PDF whose tree of pages holds itself."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 /Parent 2 0 R >>",
        ],
        "",
    )


def sheet_at_the_edge() -> bytes:
    """Return a workbook whose second value stands in the last cell there is."""
    data = files.xlsx_bytes({"A": [["rained", "x"]]})
    name = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>5</v></c></row></sheetData>'
    xml = files.member(data, name).replace(b"</sheetData>", far)
    return files.with_members(data, {name: xml})


def deep_tables(depth: int) -> bytes:
    data = files.docx_bytes("PLACE")
    name = "word/document.xml"
    inner = b"<w:p><w:r><w:t>rained</w:t></w:r></w:p>"
    table = b"<w:tbl><w:tr><w:tc>" * depth + inner + b"</w:tc></w:tr></w:tbl>" * depth
    xml = files.member(data, name).replace(b"<w:body>", b"<w:body>" + table)
    return files.with_members(data, {name: xml})


def locked_zip() -> bytes:
    """Return an archive whose member says that it is encrypted."""
    data = bytearray(files.zip_bytes({"a.txt": TEXT}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def zip_of_another_method() -> bytes:
    data = bytearray(files.zip_bytes({"a.txt": TEXT}))
    data[8] = 97
    data[data.index(b"PK\x01\x02") + 10] = 97
    return bytes(data)


def zip_with_wrong_sum() -> bytes:
    data = bytearray(files.zip_bytes({"a.txt": TEXT}, packed=False))
    at = data.index(b"rained")
    data[at : at + 6] = b"snowed"
    return bytes(data)


def mail_in_mail(depth: int) -> bytes:
    head = "From: a@example.org\nSubject: x\n"
    parts = "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth)
    )
    return f"{head}MIME-Version: 1.0\n{parts}Content-Type: text/plain\n\n{TEXT}\n".encode()


def mail_with(name: str, data: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.org", "x"
    message.set_content(TEXT)
    message.add_attachment(data, "application", "octet-stream", filename=name)
    return bytes(message)
