"""What the node does by itself on a line: ask about what is filed, tell how much there is."""

from __future__ import annotations

from keepclear.formats.documents.plain import plain_document
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.volume_question import LineDisclosure
from keepclear.ports.store import Unit, View
from keepclear.services.disclosing.kept import disclosure_on, settings_key
from keepclear.services.expected import Expected, require_expected
from keepclear.services.line.keeping import Content, write
from keepclear.services.line.pairing import line_of
from keepclear.services.node import Node


def setting_of(view: View, line_id: str) -> tuple[LineDisclosure, int]:
    """What is set on a line, and in which version; 0 where it is as it came.

    Raises:
        NotFound: there is no such line.
    """
    line = line_of(view, line_id)
    found = view.declaration(Subject.LINE, settings_key(line_id))
    return disclosure_on(view, line), 0 if found is None else found.version


def set_disclosure(
    node: Node, setting: LineDisclosure, *, expected: Expected, actor: str = ""
) -> tuple[LineDisclosure, int]:
    """Set what the node does by itself on a line.

    Raises:
        NotFound: there is no such line.
        VersionMissing, VersionMismatch: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> int:
        current, version = setting_of(unit, setting.line)
        if version and current == setting:
            return version
        require_expected(expected, version or None, f"settings of {setting.line}")
        document = plain_document(setting)
        content = Content(Subject.LINE, settings_key(setting.line), "", document)
        kept = write(unit, node, content, EntryKind.LINE_DISCLOSURE_SET, actor=actor)
        return kept.declaration.version

    return setting, node.store.write(work)
