"""Accounts as JSON documents; nothing of a password stands in them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Moment, moment
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.strict import read_stored
from keepclear.model.account import Account, AccountKind


class AccountDocument(Part, frozen=True, kw_only=True):
    """One person's account at this node."""

    name: Annotated[str, Meta(description="Stands in the ledger under what they do.")]
    title: Annotated[str, Meta(description="How the person is addressed.")]
    kinds: Annotated[tuple[AccountKind, ...], Meta(description="What it is for.")]
    is_enabled: Annotated[bool, Meta(description="Whether it may be used.")]
    made_at: Moment
    password_at: Annotated[Moment, Meta(description="When its password was set last.")]
    password_version: Annotated[int, Meta(description="Sessions of an older one are over.")]


def account_document(account: Account) -> dict[str, JsonValue]:
    """An account as plain values, every field written."""
    return plain_document(account)


def stored_account(body: bytes) -> Account:
    """The account that `account_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, AccountDocument, _account)


def _account(record: AccountDocument) -> Account:
    return Account(
        name=record.name,
        kinds=record.kinds,
        made_at=moment(record.made_at),
        password_at=moment(record.password_at),
        password_version=record.password_version,
        title=record.title,
        is_enabled=record.is_enabled,
    )
