"""Writes small PDFs by hand, so that tests need no library for it."""

from __future__ import annotations

from collections.abc import Sequence


def pdf_bytes(pages: Sequence[str], *, title: str = "", locked: bool = False) -> bytes:
    """Return a PDF with a line of text on each page; an empty line makes a page without text.

    ``locked`` declares a standard encryption whose password is not empty.
    """
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        stream = f"BT /F1 12 Tf 72 700 Td ({shown}) Tj ET" if text else ""
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            "/Resources << /Font << /F1 "
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
            f" /Contents {number + 1} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(pages)} >>"
    objects.append(f"<< /Title ({title}) >>")
    trailer = f"/Info {len(objects)} 0 R"
    if locked:
        key = "00" * 32
        objects.append(f"<< /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >>")
        trailer += f" /Encrypt {len(objects)} 0 R /ID [<00> <00>]"
    return assembled([body.encode("latin-1") for body in objects], trailer)


def assembled(objects: Sequence[bytes], trailer: str) -> bytes:
    """Return a PDF of these objects, the first of them its catalog."""
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n"
    return out + end.encode()


Text = tuple[float, float, str]
"""Where a text begins, from the left and from the foot of the page, in points; and the text."""


def set_pdf(pages: Sequence[Sequence[Text | tuple[float, float, str, str]]]) -> bytes:
    """Return a PDF of texts set at places of their own.

    A fourth value is the font: F1 is the usual one, of 10 points, F2 a bold
    one, and F3 a bold one of 16 points.
    """
    fonts = {"F1": ("Helvetica", 10), "F2": ("Helvetica-Bold", 10), "F3": ("Helvetica-Bold", 16)}
    named = " ".join(
        f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{font} >>"
        for name, (font, _) in fonts.items()
    )
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for texts in pages:
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        drawn = []
        for left, bottom, text, *font in texts:
            name = font[0] if font else "F1"
            shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            drawn.append(f"BT /{name} {fonts[name][1]} Tf {left} {bottom} Td ({shown}) Tj ET")
        stream = "\n".join(drawn)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]"
            f" /Resources << /Font << {named} >> >> /Contents {number + 1} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(pages)} >>"
    return assembled([body.encode("latin-1") for body in objects], "")


def smiling_pdf() -> bytes:
    """Return a PDF of two pages, whose letter ~ is mapped to a sign beyond the first plane."""
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        "1 beginbfchar <7E> <D83DDE00> endbfchar\nendcmap end end"
    )
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 3 0 R >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    for text in ("~ rained", "It ~"):
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]"
            f" /Resources << /Font << /F1 {font} >> >> /Contents {len(objects) + 2} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return assembled([body.encode("latin-1") for body in objects], "")
