"""The second person of an act, as requests name them: by name, or by account and password."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from keepclear.api.endpoint import Call
from keepclear.contact.rights import Capability
from keepclear.errors import InvalidInput
from keepclear.formats.strict_json import decoded_value
from keepclear.model.account import PASSWORD_MOST
from keepclear.services.accounts.seconding import SecondAccount, second_person


class SecondBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A second person who confirms with their own password; where the node has accounts."""

    account: Annotated[str, Meta(max_length=100, description="The name of their account")]
    password: Annotated[str, Meta(max_length=PASSWORD_MOST, description="Theirs; kept nowhere")]


def second_of(
    call: Call[Any], given: str | SecondBody, needs: Capability = Capability.WATCH
) -> str:
    """Who the second person is, once they have confirmed; empty where none was given.

    Raises:
        NotPermitted: they did not confirm, may not, or are the first.
        InvalidInput: a password was given where there are no accounts.
    """
    if given == "":
        return ""
    second = given if isinstance(given, str) else SecondAccount(given.account, given.password)
    patience = call.equipment.access.patience
    return second_person(call.node, patience, second, first=call.caller.actor, needs=needs)


def with_named_second(call: Call[Any]) -> object:
    """A body whose `second` may confirm by password, as its reader takes it: by name.

    A body that is no document is returned as it is; its reader says what is wrong with it.
    """
    try:
        document = decoded_value(call.body.decode())
    except (InvalidInput, UnicodeDecodeError):
        return call.body
    if not isinstance(document, dict) or not document.get("second"):
        return call.body
    try:
        given = msgspec.convert(document["second"], str | SecondBody)
    except msgspec.ValidationError:
        raise InvalidInput(
            "second: neither a name nor an account with its password",
            remedy='Give {"account": ..., "password": ...}, or a name where there are no accounts.',
        ) from None
    return {**document, "second": second_of(call, given)}
