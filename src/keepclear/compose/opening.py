"""A node put together from its folder: store, keys, clock, shipped data, the live picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from keepclear import __version__, compose
from keepclear.canonical import JsonValue
from keepclear.compose.folder import NodeFolder
from keepclear.compose.keys import NodeKeys, read_keys, require_keys_of
from keepclear.compose.machine import give_memory_back
from keepclear.compose.tls import tls_pin
from keepclear.errors import InvalidInput, StoreMissing
from keepclear.formats.struct_types import learn_struct_types
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import moment_text
from keepclear.model.node import Subject
from keepclear.model.operation import Mode
from keepclear.ports.mail import Inbox, Outbox
from keepclear.ports.pager import Pager
from keepclear.ports.world import Clock
from keepclear.services.node import Node
from keepclear.services.picture import Picture
from keepclear.services.recording import record
from keepclear.store.sqlite import SqliteReader, SqliteStore, open_for_reading, open_store


class OpenNode(NamedTuple):
    """A node and what only its process has.

    Attributes:
        node: what the services work with.
        store: its store, as what it is.
        keys: what it signs with.
    """

    node: Node
    store: SqliteStore
    keys: NodeKeys


@contextmanager
def open_node(
    folder: NodeFolder,
    *,
    progress: Callable[[int], None] | None = None,
    finished: bool = True,
    clock: Clock | None = None,
    pager: Pager | None = None,
    outbox: Outbox | None = None,
    inbox: Inbox | None = None,
    ring: Callable[[], None] | None = None,
) -> Iterator[OpenNode]:
    """Open a node alone, for as long as the block runs.

    Args:
        folder: whose node; compile the kernels before, or the first question waits for them.
        progress: told how many operations have been loaded.
        finished: refuse one that is still being made; False for who makes it.
        clock: in place of this machine's, for an exercise.
        pager: what wakes people who are not at the screen.
        outbox, inbox: mail on lines, out and in.
        ring: what wakes those threads of a running node that send and tick.

    Raises:
        StoreMissing: there is no node in the folder.
        InvalidInput: a clock was given to a node that is REAL.
        StoreLocked: another process has it.
        KeyFault: its keys are missing, damaged or another node's.
        NodeFault: the store cannot be opened; each subclass says why.
    """
    if finished and not folder.is_node:
        raise StoreMissing(f"there is no node in {folder.path}")
    learn_struct_types()
    keys = read_keys(folder)
    with closing(_store(folder, keys, clock or compose.clock())) as store:
        require_keys_of(keys, store.identity)
        if clock is not None and store.identity.mode is not Mode.EXERCISE:
            raise InvalidInput("a REAL node keeps this machine's time and no other")
        node = _node(store, progress, clock)
        pin = tls_pin(folder, name=f"{store.identity.party} {store.identity.mode}")
        signing = replace(
            node,
            signer=keys.node,
            certificate=keys.certificate,
            root_public_key=keys.root_public_key,
            spki_pin=pin,
            pager=pager,
            outbox=outbox,
            inbox=inbox,
            ring=ring or node.ring,
        )
        yield OpenNode(signing, store, keys)


@contextmanager
def read_store(path: Path) -> Iterator[SqliteReader]:
    """Read a store, or a backup of one, without opening its node; that may run meanwhile.

    Raises:
        StoreMissing: there is no such file.
        StoreTooNew, StoreCorrupt: it is not what this keepclear understands.
    """
    with closing(open_for_reading(path)) as reader:
        yield reader


def _store(folder: NodeFolder, keys: NodeKeys, clock: Clock) -> SqliteStore:
    return open_store(
        folder.store,
        signer=keys.node,
        entropy=compose.entropy(),
        clock=clock,
        lock_path=folder.lock,
    )


def _node(
    store: SqliteStore, progress: Callable[[int], None] | None, set_clock: Clock | None
) -> Node:
    geoid = compose.geoid()
    clock = set_clock or compose.clock()
    node = Node(
        store=store,
        clock=clock,
        entropy=compose.entropy(),
        geoid=geoid,
        gazetteer=compose.gazetteer(),
        picture=Picture(store, geoid),
        started_at=clock.now(),
        is_clock_set=set_clock is not None,
    )

    def loaded(operations: int) -> None:
        give_memory_back()
        if progress:
            progress(operations)

    node.picture.load(loaded)
    return node


def note_event(node: Node, kind: EntryKind, body: JsonValue) -> int:
    """Have the ledger keep something that happened to the node itself; the entry's number."""
    entry = record(node.identity, kind, (Subject.NODE, node.identity.id, 1), body, at=node.now())
    return node.store.write(lambda unit: unit.append(entry))


def note_start(node: Node) -> None:
    """Have the ledger keep that the node serves from now on, and whether its clock fell back."""
    with node.store.view() as view:
        last = view.entry(view.ledger_size() - 1) if view.ledger_size() else None
    now = node.now()
    if last is not None and last.at > now:
        body: JsonValue = {"last_entry_at": moment_text(last.at), "now": moment_text(now)}
        note_event(node, EntryKind.CLOCK_STEPPED_BACK, body)
    note_event(node, EntryKind.NODE_STARTED, {"keepclear": __version__})


def note_stop(node: Node) -> None:
    """Have the ledger keep that the node was stopped in order."""
    note_event(node, EntryKind.NODE_STOPPED, {"keepclear": __version__})
