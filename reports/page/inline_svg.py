"""An SVG file as a part of an HTML page: no clashing names, and colours that follow the page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from reports.drawing.style import GRID, INK, MUTED, PAPER

_PAGE_COLOURS = {INK: "currentColor", GRID: "var(--grid)", PAPER: "var(--surface)", MUTED: "var(--muted)"}


def inline(svg: bytes, name: str, description: str) -> str:
    """The ``svg`` element for a page, its ids prefixed with ``name``, read aloud as ``description``."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = _local(element.tag)
        element.attrib = {_local(key): _attribute(_local(key), value, name) for key, value in element.attrib.items()}
        if element.tag == "style" and element.text:
            element.text = element.text.replace("*{", f"#{name} *{{")
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib |= {"id": name, "role": "img", "aria-label": description}
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def _local(qualified: str) -> str:
    return qualified.rpartition("}")[2]


def _attribute(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key == "href":
        return f"#{name}-{value[1:]}" if value.startswith("#") else value
    value = re.sub(r"url\(#", f"url(#{name}-", value)
    if key == "style":
        for colour, variable in _PAGE_COLOURS.items():
            value = value.replace(colour, variable)
    return value
