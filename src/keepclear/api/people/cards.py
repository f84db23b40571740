"""Cards for the desk, the secret of challenge and reply, and who signed the table of phrases."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.contact.cards import shown_secret
from keepclear.contact.rights import Capability
from keepclear.data.loading import load_phrases
from keepclear.errors import InvalidInput
from keepclear.reports.cards.call import call_card
from keepclear.reports.cards.challenge import challenge_page
from keepclear.reports.cards.desk import contact_card, lost_line_card
from keepclear.reports.cards.desk_facts import desk_line
from keepclear.reports.cards.page import Size
from keepclear.services.line.pairing import line_of
from keepclear.services.paper.authenticating import (
    agree_secret,
    cards_for,
    reply,
    standing_of_cards,
)
from keepclear.services.paper.phrases_signed import is_verified, sign_phrases, signatures_of

HTML = "text/html; charset=utf-8"


class CardQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How a card is printed."""

    size: Annotated[Size, Meta(description="Of the paper")] = Size.A4
    day: Annotated[str, Meta(max_length=10, description="Of a challenge card; else today")] = ""


class SecretDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The secret of a line's cards."""

    secret: Annotated[
        str, Meta(max_length=100, description="As the other side wrote it; empty draws one")
    ] = ""


class ChallengeDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A challenge of theirs."""

    challenge: Annotated[str, Meta(max_length=10, description="As it was heard")]


class PhraseSignatureDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A linguist's word under the table of phrases."""

    digest: Annotated[str, Meta(max_length=64, description="Of the table that was read")]
    role: Annotated[str, Meta(max_length=60, description="Of the linguist; never a name")]


class SecretRecord(Told, frozen=True, kw_only=True):
    """A secret, told once to whoever agrees it."""

    secret: Annotated[str, Meta(description="To be written down, and typed at the other side")]
    mark: Annotated[str, Meta(description="Said aloud by both to know that it is the same")]


class CardsRecord(Told, frozen=True, kw_only=True):
    """What is known of a line's cards today."""

    line: str
    mark: Annotated[str, Meta(description="Of the secret; empty where none was agreed")]
    day: str
    used: Annotated[tuple[str, ...], Meta(description="Challenges of ours that were put")]
    answered: Annotated[tuple[str, ...], Meta(description="Challenges of theirs, answered")]


class CardReplyRecord(Told, frozen=True, kw_only=True):
    """What we answer to a challenge."""

    challenge: str
    reply: str


class PhraseRecord(Told, frozen=True, kw_only=True):
    """A fixed phrase."""

    id: str
    group: str
    meaning: str
    en: str
    ru: str
    en_said_by_ru: str
    ru_said_by_en: str
    answer: str


class PhraseSignatureRecord(Told, frozen=True, kw_only=True):
    """A side's word under the table of phrases."""

    party: str
    digest: str
    edition: int
    role: str
    at: str


class PhrasesRecord(Told, frozen=True, kw_only=True):
    """The table of phrases, and who signed it."""

    edition: int
    digest: str
    phrases: tuple[PhraseRecord, ...]
    signatures: tuple[PhraseSignatureRecord, ...]


def _card(call: Call[CardQuery]) -> Reply:
    line_id, kind, size = call.path["line_id"], call.path["card"], call.query.size
    if kind == "challenge":
        return Reply(_challenge(call), content_type=HTML)
    told = desk_line(call.node, line_id)
    if kind == "contact":
        return Reply(contact_card(told, size), content_type=HTML)
    if kind == "lost-line":
        return Reply(lost_line_card(told, size), content_type=HTML)
    parties = (told.us, told.them)
    with call.node.store.view() as view:
        verified = is_verified(view, load_phrases(), parties)
    page = call_card(load_phrases(), told.mode, size, parties=parties, verified=verified)
    return Reply(page, content_type=HTML)


def _challenge(call: Call[CardQuery]) -> bytes:
    node, line_id = call.node, call.path["line_id"]
    standing = standing_of_cards(node, line_id)
    try:
        day = date.fromisoformat(call.query.day) if call.query.day else standing.day
    except ValueError:
        raise InvalidInput(
            f"day: {call.query.day!r} is no date", remedy="Write it as 2026-03-14."
        ) from None
    ours, theirs = cards_for(node, line_id, day)
    is_today = day == standing.day
    return challenge_page(
        ours,
        theirs,
        node.identity.mode,
        call.query.size,
        used=standing.used if is_today else (),
        answered=standing.answered if is_today else (),
    )


def _standing(call: Call[NoQuery]) -> Reply:
    told = standing_of_cards(call.node, call.path["line_id"])
    return Reply({**told._asdict(), "day": told.day.isoformat()})


def _secret(call: Call[NoQuery]) -> Reply:
    typed = body_of(call.body, SecretDocument).secret
    secret, mark = agree_secret(call.node, call.path["line_id"], typed, actor=call.caller.actor)
    return Reply({"secret": shown_secret(secret), "mark": mark})


def _reply(call: Call[NoQuery]) -> Reply:
    asked = body_of(call.body, ChallengeDocument).challenge
    told = reply(call.node, call.path["line_id"], asked, actor=call.caller.actor)
    return Reply({"challenge": asked.strip().upper(), "reply": told})


def _phrases(call: Call[NoQuery]) -> Reply:
    table = load_phrases()
    with call.node.store.view() as view:
        signatures = signatures_of(view)
    return Reply(
        PhrasesRecord(
            edition=table.edition,
            digest=table.digest,
            phrases=tuple(
                PhraseRecord(
                    id=each.id,
                    group=each.group,
                    meaning=each.meaning,
                    en=each.en,
                    ru=each.ru,
                    en_said_by_ru=each.en_said_by_ru,
                    ru_said_by_en=each.ru_said_by_en,
                    answer=each.answer,
                )
                for each in table.phrases
            ),
            signatures=tuple(_signature(each) for each in signatures),
        )
    )


def _sign(call: Call[NoQuery]) -> Reply:
    told = body_of(call.body, PhraseSignatureDocument)
    with call.node.store.view() as view:
        line = line_of(view, call.path["line_id"])
    party = call.path["party"]
    if party not in line.parties:
        raise InvalidInput(f"{party:.40} is not of {line.id}", remedy="Name a party of the line.")
    signed = sign_phrases(
        call.node,
        load_phrases(),
        party,
        digest=told.digest,
        role=told.role,
        actor=call.caller.actor,
    )
    return Reply(_signature(signed))


def _signature(each: object) -> PhraseSignatureRecord:
    names = PhraseSignatureRecord.__struct_fields__
    return PhraseSignatureRecord(**{name: getattr(each, name) for name in names})


_LINE = "/api/v1/lines/{line_id}"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{_LINE}/cards",
        summary="What is known of a line's challenge and reply today",
        handler=_standing,
        returns=(Returned(200, "The cards", CardsRecord),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="GET",
        path=f"{_LINE}/cards/{{card}}",
        summary="A card to be printed: call, contact, lost-line, or challenge",
        handler=_card,
        query=CardQuery,
        returns=(Returned(200, "A page of HTML", None, HTML),),
        errors=(errors.NotFound, errors.InvalidInput),
        needs=Capability.WATCH,
    ),
    Endpoint(
        method="PUT",
        path=f"{_LINE}/card-secret",
        summary="Agree the secret of a line's cards: drawn here, or typed as drawn there",
        handler=_secret,
        body=Body(SecretDocument),
        returns=(Returned(200, "The secret, told this once", SecretRecord),),
        errors=(errors.NotFound, errors.InvalidInput, errors.StoreFull),
        needs=Capability.RELEASE,
    ),
    Endpoint(
        method="PUT",
        path=f"{_LINE}/card-reply",
        summary="What we answer to a challenge of theirs; each is answered once",
        handler=_reply,
        body=Body(ChallengeDocument),
        returns=(Returned(200, "The reply", CardReplyRecord),),
        errors=(errors.NotFound, errors.InvalidInput, errors.StateForbids, errors.StoreFull),
    ),
    Endpoint(
        method="GET",
        path="/api/v1/phrases",
        summary="The table of phrases in two languages, and who signed it",
        handler=_phrases,
        returns=(Returned(200, "The table", PhrasesRecord),),
    ),
    Endpoint(
        method="PUT",
        path=f"{_LINE}/phrases/signatures/{{party}}",
        summary="Keep that a side's linguist read the table of phrases and found it right",
        handler=_sign,
        body=Body(PhraseSignatureDocument),
        returns=(Returned(200, "Signed, now or before", PhraseSignatureRecord),),
        errors=(errors.NotFound, errors.InvalidInput, errors.StoreFull),
        names_role=False,
    ),
)
