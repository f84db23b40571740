"""Every account of a node at hand, as it is now: asked with each request, read once a change."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from keepclear.formats.documents.account import stored_account
from keepclear.model.account import Account
from keepclear.model.node import Subject
from keepclear.ports.store import Committed, Store, View


class Roster:
    """The accounts of one store; whatever a write changed is seen once the write returned."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._told = 1
        self._read = 0
        self._accounts: Mapping[str, Account] = {}
        store.on_change(self._note)

    def accounts(self) -> Mapping[str, Account]:
        """All of them by name, disabled ones too."""
        if self._read != self._told:
            with self._lock:
                told = self._told
                if self._read != told:
                    with self._store.view() as view:
                        self._accounts = accounts_of(view)
                    self._read = told
        return self._accounts

    def account(self, name: str) -> Account | None:
        """One of them; None where there is none of that name."""
        return self.accounts().get(name)

    @property
    def is_kept(self) -> bool:
        """Whether there are any: without, the node's token alone counts."""
        return bool(self.accounts())

    def _note(self, committed: Committed) -> None:
        if any(change.subject is Subject.ACCOUNT for change in committed.changes):
            self._told += 1


def accounts_of(view: View) -> Mapping[str, Account]:
    """All accounts by name, as one moment of the store has them."""
    every = (stored_account(each.body) for each in view.declarations(Subject.ACCOUNT))
    return {account.name: account for account in every}
