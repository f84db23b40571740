"""What each endpoint asks of an account, written by hand and by nobody's code."""

from __future__ import annotations

NEEDS = """
[open]
GET /enter
GET /health
DELETE GET POST /session
[enter]
PUT /accounts/{account}/password
GET /catalogue
GET /openapi.json
POST /readings
[view]
GET /f3548
GET /f3548/constraints
GET /f3548/intents
GET /f3548/notices
GET /operations/{operation_id}/f3548
GET /agreements
GET /agreements/{agreement_id}/versions/{agreement_version}
GET /airfields
GET /airfields/{thing_id}
GET /alarms
GET /answers
GET /boundaries
GET /boundaries/{thing_id}
GET /calls
GET /calls/{call_id}
POST /checks
GET /consultations
GET /consultations/{consultation_id}
GET /coverages
GET /drafts
GET /drafts/{draft_id}
GET /events
GET /exercise
GET /exports/{format}
GET /handover
GET /handover/sheet
GET /handover/{handover_id}
GET /handover/{handover_id}/sheet
GET /judgements
GET /keys
GET /ledger
GET /ledger/consistency
GET /ledger/entries/{number}/proof
GET /lines
GET /lines/{line_id}
GET /lines/{line_id}/cards
GET /lines/{line_id}/checks
GET /lines/{line_id}/checks/{check_id}
GET /lines/{line_id}/disclosure
GET /lines/{line_id}/history
GET /members
GET /messages
GET /messages/{message_id}
GET /messages/{message_id}/affected
POST /messages/{message_id}/comparison
GET /messages/{message_id}/judgement
GET /messages/{message_id}/relay
GET /messages/{message_id}/seen
GET /messages/{message_id}/text
GET /messages/{message_id}/text-sheet
GET /messages/{message_id}/units
GET /node
GET /operations
GET /operations/{operation_id}
GET /operations/{operation_id}/answer
GET /operations/{operation_id}/cautions
GET /operations/{operation_id}/history
GET /operations/{operation_id}/peer-answers
GET /operations/{operation_id}/releases
GET /operations/{operation_id}/views
GET /peers
GET /peers/{party}
GET /phrases
GET /postures
GET /postures/{posture_id}
GET /presence
GET /quarantine
GET /queries
GET /queries/{query_id}
GET /questions
GET /readouts
GET /readouts/comparison
GET /readouts/{readout_id}
GET /requests
GET /requests/{request_id}
GET /signatures
GET /texts
GET /texts/{text_id}
GET /units
GET /units/{unit_id}
GET /watch
GET /watch-log
GET /watch-log/{note_id}
GET /zones
GET /zones/{thing_id}
[watch]
PUT /operations/{operation_id}/f3548/telemetry
DELETE PUT /airfields/{thing_id}
PUT /alarms/{alarm_id}/silence
DELETE PUT /boundaries/{thing_id}
PUT /calls/{call_id}
PUT /consultations/{consultation_id}
DELETE PUT /coverages/{coverage_id}
DELETE PUT /drafts/{draft_id}
POST /drafts/{draft_id}/file
POST /drafts/{draft_id}/redo
POST /drafts/{draft_id}/undo
PUT /exercise
PUT /exercise/clock
PUT /exercise/wish
PUT /handover/{handover_id}
PUT /handover/{handover_id}/override
PUT /handover/{handover_id}/signatures/{side}
PUT /imports/{import_id}
PUT /lines/{line_id}/bundle
PUT /lines/{line_id}/card-reply
GET /lines/{line_id}/cards/{card}
PUT /lines/{line_id}/checks/{check_id}
PUT /lines/{line_id}/contacts/{contact_id}
PUT /lines/{line_id}/phrases/signatures/{party}
PUT /lines/{line_id}/restoration
POST /mail
DELETE PUT /messages/{message_id}
PUT /messages/{message_id}/acts/{act_id}
PUT /messages/{message_id}/judgement/answer
PUT /messages/{message_id}/relay
PUT /messages/{message_id}/relay/receipts/{receipt_id}
PUT /messages/{message_id}/units
PUT /messages/{message_id}/units/{unit_id}/words/{step_id}
PUT /operations/{operation_id}
PUT /operations/{operation_id}/questions/{question_id}
PUT /operations/{operation_id}/state
PUT /postures/{posture_id}
PUT /quarantine/{thing_id}/seen
PUT /readouts/{readout_id}
PUT /requests/{request_id}
POST /text-readings
PUT /texts/{text_id}
PUT /texts/{text_id}/authentication
PUT /texts/{text_id}/seen
PUT /units/{unit_id}
PUT /watch
PUT /watch-log/{note_id}
DELETE PUT /zones/{thing_id}
[release]
POST /lines/{line_id}/bundle
PUT /lines/{line_id}/card-secret
PUT /lines/{line_id}/coverages/{coverage_id}
PUT /lines/{line_id}/declaration
PUT /lines/{line_id}/disclosure
POST /lines/{line_id}/mail
PUT /lines/{line_id}/notices/{operation_id}
PUT /lines/{line_id}/presence/{message_id}
PUT /members/{member}/departure
POST /messages/{message_id}/mail
PUT /operations/{operation_id}/f3548
PUT /operations/{operation_id}/releases/{party}
PUT /zones/{thing_id}/f3548
[movements]
PUT /messages/{message_id}/warnings/{warning_id}
POST /movement-readings
GET /movements
GET PUT /movements/{movement_id}
PUT /movements/{movement_id}/releases/{message_id}
GET /movements/{movement_id}/table
PUT /site-exports/{export_id}
GET /sites
GET PUT /sites/{site_id}
PUT /sites/{site_id}/releases/{message_id}
GET /warnings
PUT /warnings/{warning_id}/steps/{step_id}
[investigate]
GET /ledger/entries
GET /ledger/entries/{number}
[administer]
GET /accounts
GET PUT /accounts/{account}
PUT /agreements/{agreement_id}/versions/{agreement_version}
PUT /agreements/{agreement_id}/versions/{agreement_version}/signatures/{party}
PUT /peers/{party}
"""
"""By heading what an account needs; `open` asks for neither token nor session."""

MAY = {
    "viewer": {"enter", "view"},
    "watch": {"enter", "view", "watch", "movements"},
    "releaser": {"enter", "view", "watch", "release", "movements"},
    "liaison": {"enter", "view", "watch", "release", "movements"},
    "movement officer": {"enter", "view", "movements"},
    "investigator": {"enter", "view", "investigate"},
    "admin": {"enter", "view", "administer"},
}
"""What each kind of account may. Source: domain study of keepclear, 5a and 5d."""


def needs() -> dict[tuple[str, str], str]:
    """What each method and path needs, as written above."""
    found: dict[tuple[str, str], str] = {}
    heading = ""
    for line in NEEDS.split("\n"):
        if line.startswith("["):
            heading = line.strip("[]")
        elif line:
            *methods, path = line.split(" ")
            found |= {(method, path): heading for method in methods}
    return found
