"""XML that may be hostile: no entities, nothing from elsewhere, no bottomless trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import CorruptDocument

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def parse_xml(data: bytes) -> Element:
    """Return the root of a document; raises :class:`CorruptDocument` where it can't be used."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise CorruptDocument(
            "its XML is damaged. Open it in its own program and save it anew."
        ) from error
    if root.getroottree().docinfo.doctype and b"<!ENTITY" in data:
        raise CorruptDocument("it declares entities, which no real document of its kind does.")
    return root
