"""KML taken apart in bounded memory: one Placemark at a time, the rest passed over.

DTDs, entities and references to other files are refused, whatever they hold. What points
elsewhere (NetworkLink) is refused too, because what it would show is not in the file.

Source: OGC 07-147r2 (KML 2.2), clauses 9 (features) and 13 (links); XML 1.0 (fifth
edition), sections 2.8 and 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from keepclear.errors import InvalidFile
from keepclear.formats.property_values import advice, quoted
from keepclear.formats.reading import Reading
from keepclear.formats.strict_json import MOST_CHARACTERS, MOST_DEPTH, decoded_text

FREE_ELEMENTS: Final = 10_000
ELEMENTS_PER_FEATURE: Final = 20
"""Together: the most elements of one file, by how many features it may have."""
MOST_PLACEMARK_ELEMENTS: Final = 50_000
"""The most elements of one Placemark."""
_LONGEST_NAMESPACE: Final = 256

KML_NAMESPACES: Final = (
    "http://www.opengis.net/kml/2.2",
    "http://earth.google.com/kml/2.2",
    "http://earth.google.com/kml/2.1",
    "http://earth.google.com/kml/2.0",
)
_CONTAINERS: Final = ("Document", "Folder")
_PASSED_OVER: Final = (
    *("name", "description", "Snippet", "snippet", "visibility", "open", "address"),
    *("phoneNumber", "Style", "StyleMap", "styleUrl", "Schema", "Metadata", "Region"),
    *("LookAt", "Camera", "GroundOverlay", "ScreenOverlay", "PhotoOverlay"),
)
"""Elements that say nothing of an operation: looks, views and pictures."""
_POINTS_ELSEWHERE: Final = ("NetworkLink", "NetworkLinkControl")
_ENCODING: Final = re.compile(r"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([^"']{0,40})["']""")


@dataclass(slots=True)
class Node:
    """One element with what is in it.

    Attributes:
        name: its local name in KML; empty for an element of another vocabulary.
        foreign: namespace and name of an element of another vocabulary; else empty.
        attributes: by local name.
        children: the elements inside, in order.
        text: the characters directly inside.
    """

    name: str
    foreign: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator[Node]:
        """The children of one name, in order."""
        return (child for child in self.children if child.name == name)


@dataclass(frozen=True, slots=True)
class KmlCallbacks:
    """Whom to tell of what is found.

    Attributes:
        placemark: called with each Placemark once it is complete.
        statement: called with the ExtendedData of the outermost Document.
    """

    placemark: Callable[[Node], None]
    statement: Callable[[Node], None]


def walk_kml(data: bytes, reading: Reading, callbacks: KmlCallbacks) -> None:
    """Hand over every Placemark of a file, in order.

    Raises:
        InvalidFile: not well-formed XML in UTF-8, not KML, beyond the limits, or with parts
            that cannot be passed over safely.
    """
    text = decoded_text(data, reading)
    declared = _ENCODING.match(text)
    if declared and declared[1].upper() not in ("UTF-8", "UTF8", "US-ASCII", "ASCII"):
        raise reading.refuse(
            f"the file declares the encoding {quoted(declared[1])}", remedy="Save it as UTF-8."
        )
    target = _Target(reading, callbacks)
    parser = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=True)
    try:
        parser.feed(text.encode())
        parser.close()
    except ParseError as error:
        raise reading.refuse(
            f"not well-formed XML: {error.msg}",
            remedy="Export the file again; it may be cut off.",
        ) from None
    except DefusedXmlException:
        raise reading.refuse(
            "the file declares a document type or entities",
            remedy="Take the <!DOCTYPE ...> part out; KML needs none.",
        ) from None


class _Target:
    """What the parser tells of each element; builds nodes only inside what is kept."""

    def __init__(self, reading: Reading, callbacks: KmlCallbacks) -> None:
        self._reading = reading
        self._callbacks = callbacks
        self._containers: list[str] = []
        self._kept: list[Node] = []
        self._passed_over = 0
        self._elements = 0
        self._most_elements = FREE_ELEMENTS + ELEMENTS_PER_FEATURE * reading.most_features
        self._kept_elements = 0
        self._kept_characters = 0
        self._texts: list[list[str]] = []
        self._placemarks = 0

    def start_ns(self, _prefix: str, uri: str) -> None:
        if len(uri) > _LONGEST_NAMESPACE:
            raise self._refuse("a namespace name is too long")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > self._most_elements:
            raise self._refuse(f"more than {self._most_elements:,} elements", "Split the file.")
        if len(self._containers) + len(self._kept) + self._passed_over >= MOST_DEPTH:
            raise self._refuse(f"nested more than {MOST_DEPTH} deep")
        name, foreign = _names(tag)
        self._require_local(name)
        if self._passed_over:
            self._require_no_placemark(name)
            self._passed_over += 1
        elif self._kept:
            self._require_no_placemark(name)
            self._keep(Node(name, foreign, _local(attributes)))
        else:
            self._start_outside(Node(name, foreign, _local(attributes)))

    def data(self, text: str) -> None:
        if self._passed_over or not self._kept:
            if not self._passed_over and self._containers and text.strip():
                raise self._refuse(f"text stands between the elements: {quoted(text.strip())}")
            return
        self._kept_characters += len(text)
        if self._kept_characters > MOST_CHARACTERS:
            raise self._refuse(
                f"a Placemark of more than {MOST_CHARACTERS:,} characters",
                "Simplify the shape, or split it into several volumes.",
            )
        self._texts[-1].append(text)

    def end(self, _tag: str) -> None:
        if self._passed_over:
            self._passed_over -= 1
        elif not self._kept:
            self._containers.pop()
        else:
            node = self._kept.pop()
            node.text = "".join(self._texts.pop())
            if not self._kept:
                self._hand_over(node)

    def close(self) -> None:
        """The parser asks for a result; everything was handed over already."""

    def _start_outside(self, node: Node) -> None:
        if not self._containers:
            if node.name != "kml":
                raise self._refuse(
                    f"the file begins with {quoted(node.foreign or node.name)}, not with kml",
                    f'Begin with <kml xmlns="{KML_NAMESPACES[0]}">.',
                )
            self._containers.append(node.name)
        elif node.foreign or node.name in _PASSED_OVER:
            self._passed_over = 1
        elif node.name in _CONTAINERS:
            self._containers.append(node.name)
        elif node.name == "Placemark" or self._is_statement(node.name):
            self._kept_elements = self._kept_characters = 0
            self._keep(node)
        else:
            known = (*_CONTAINERS, *_PASSED_OVER, "Placemark")
            raise self._refuse(
                f"{quoted(node.name)} may not stand in {self._containers[-1]}",
                advice(node.name, known),
            )

    def _is_statement(self, name: str) -> bool:
        return name == "ExtendedData" and self._containers == ["kml", "Document"]

    def _keep(self, node: Node) -> None:
        self._kept_elements += 1
        if self._kept_elements > MOST_PLACEMARK_ELEMENTS:
            raise self._refuse(f"more than {MOST_PLACEMARK_ELEMENTS:,} elements in one Placemark")
        if self._kept:
            self._kept[-1].children.append(node)
        self._kept.append(node)
        self._texts.append([])

    def _hand_over(self, node: Node) -> None:
        if node.name == "ExtendedData":
            self._callbacks.statement(node)
            return
        self._placemarks += 1
        if self._placemarks > self._reading.most_features:
            raise self._refuse(
                f"more than {self._reading.most_features:,} Placemarks", "Split the file."
            )
        self._callbacks.placemark(node)

    def _require_local(self, name: str) -> None:
        if name in _POINTS_ELSEWHERE:
            raise self._refuse(
                f"a {name} points to what is not in the file",
                "Save the linked content and give that file instead.",
            )

    def _require_no_placemark(self, name: str) -> None:
        if name == "Placemark":
            raise self._refuse(
                "a Placemark stands inside an element that is passed over or another Placemark",
                "Put it into the Document or a Folder.",
            )

    def _refuse(self, message: str, remedy: str = "Export the file again as KML.") -> InvalidFile:
        return self._reading.refuse(message, remedy=remedy)


def _names(tag: str) -> tuple[str, str]:
    namespace, _, name = tag.rpartition("}")
    if namespace.removeprefix("{") in KML_NAMESPACES:
        return name, ""
    return "", tag


def _local(attributes: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if not name.startswith("{")}
