"""The watch log: notes are added, never changed; a correction is another note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidInput, StateForbids
from keepclear.formats.documents.note import note_document, stored_note
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.note import Note
from keepclear.ports.store import Unit, View
from keepclear.services.line.keeping import Kept, content_of, write
from keepclear.services.line.querying import note_contradiction
from keepclear.services.node import Node


@dataclass(frozen=True, slots=True)
class NoteSearch:
    """Which notes are meant; every condition must hold, an empty one always does.

    Attributes:
        text: stands in the text as it is written, capitals or not.
        words: each of these stands anywhere in the note: text, role, actor, what it is about.
        line: it is about this line.
        about: it is about this thing.
    """

    text: str = ""
    words: str = ""
    line: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class FoundNotes:
    """Notes, and which later note corrects which.

    Attributes:
        notes: those meant.
        corrected_by: by a note's id the ids of the notes that correct it.
    """

    notes: tuple[Note, ...]
    corrected_by: Mapping[str, tuple[str, ...]]


def keep_note(node: Node, note: Note) -> Kept:
    """Add a note; the same note again changes nothing.

    Raises:
        InvalidInput: it corrects a note, or contradicts a declaration, that is not there.
        StateForbids: there is another note of this id.
    """

    def work(unit: Unit) -> Kept:
        current = unit.declaration(Subject.NOTE, note.id)
        if current is not None:
            held = stored_note(current.body)
            if canonical_bytes(note_document(replace(note, at=held.at))) == current.body:
                return Kept(current, created=False, changed=False)
            raise StateForbids(
                "the note is written and stays as it is",
                remedy="Write another note that names this one in `corrects`.",
            )
        if note.corrects and unit.declaration(Subject.NOTE, note.corrects) is None:
            raise InvalidInput(
                f"corrects: there is no note {note.corrects}", remedy="Name it as the log does."
            )
        if note.contradicts:
            note_contradiction(unit, node, note)
        content = content_of(Subject.NOTE, note.id, node.identity.party, note)
        return write(unit, node, content, EntryKind.NOTE_KEPT, actor=note.actor)

    return node.store.write(work)


def found_notes(view: View, search: NoteSearch) -> FoundNotes:
    """The notes of the watch log that are meant, the last written first."""
    every = [stored_note(each.body) for each in view.declarations(Subject.NOTE)]
    corrected: dict[str, list[Note]] = {}
    for note in every:
        if note.corrects:
            corrected.setdefault(note.corrects, []).append(note)
    meant = [note for note in every if _is_meant(note, search)]
    return FoundNotes(
        tuple(sorted(meant, key=lambda note: (note.at, note.id), reverse=True)),
        {of: _in_order(notes) for of, notes in corrected.items()},
    )


def _in_order(notes: Sequence[Note]) -> tuple[str, ...]:
    return tuple(each.id for each in sorted(notes, key=lambda note: (note.at, note.id)))


def _is_meant(note: Note, search: NoteSearch) -> bool:
    if search.line and note.line != search.line:
        return False
    if search.about and search.about not in {*note.about, note.corrects, note.contradicts}:
        return False
    if search.text and search.text.casefold() not in note.text.casefold():
        return False
    if not search.words:
        return True
    parts = (note.text, note.role, note.actor, note.line, note.corrects, *note.about)
    everything = "\n".join(parts).casefold()
    return all(word in everything for word in search.words.casefold().split())
