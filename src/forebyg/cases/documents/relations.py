"""The parts of a Microsoft Office file that say what belongs to it: whether something of it lies elsewhere, and is fetched when the
file is opened. A link that a reader follows by hand is none of that."""

from __future__ import annotations

from xml.parsers import expat  # a document type is refused, so nothing expands

_LINK = "/hyperlink"


class NotPlain(Exception):
    """No plain XML: it isn't well-formed, or it declares a document type."""


def fetches(content: bytes) -> bool:
    """Whether a part with relations (`*.rels`) leads outside the file by anything else than a link. Raises `NotPlain`."""
    outside = False

    def on_element(name: str, attributes: dict[str, str]) -> None:
        nonlocal outside
        is_outside = attributes.get("TargetMode", "").strip().lower() == "external"
        if is_outside and not attributes.get("Type", "").endswith(_LINK):
            outside = True

    def on_document_type(*_: object) -> None:
        raise NotPlain

    parser = expat.ParserCreate()
    parser.StartElementHandler = on_element
    parser.StartDoctypeDeclHandler = on_document_type
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise NotPlain from None
    return outside
