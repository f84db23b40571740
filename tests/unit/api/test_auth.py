"""Whoever has the token, a fresh ticket or an open session is let in, and nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.api.auth import (
    COOKIE,
    FAILURES_COUNT_S,
    MOST_FAILURES,
    MOST_SESSIONS,
    MOST_TICKETS,
    SESSION_LASTS_S,
    TICKET_LASTS_S,
    Access,
    require_own_page,
)
from keepclear.api.problems import Refusal
from keepclear.errors import InvalidInput
from node_fixture import CountedEntropy

TOKEN = "s3cret" * 8
OWN = {"origin": "http://127.0.0.1:8600"}


class Seconds:
    at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def access(seconds: Seconds | None = None) -> Access:
    return Access(TOKEN, CountedEntropy(), seconds or Seconds())


def cookie(session: str) -> dict[str, str]:
    return {"cookie": f"other=1; {COOKIE}={session}; more=2"}


def status(made: Access, headers: dict[str, str], method: str = "GET") -> int:
    """200 where the caller is let in, else the refusal's status."""
    try:
        made.caller(headers, method)
    except Refusal as refused:
        return refused.problem.status
    return 200


def test_the_token_lets_in() -> None:
    assert status(access(), {"authorization": f"Bearer {TOKEN}"}, "PUT") == 200
    assert status(access(), {"authorization": f"bearer  {TOKEN}"}) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer "},
        {"authorization": TOKEN},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": f"Bearer {TOKEN.upper()}"},
        {"cookie": f"{COOKIE}={TOKEN}"},
        {"cookie": "=; ;;" + COOKIE},
        {"cookie": f'{COOKIE}="a\\"b'},
    ],
)
def test_nothing_else_lets_in(headers: dict[str, str]) -> None:
    assert status(access(), headers) == 401


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_other_token_and_no_guessed_session_lets_in(text: str) -> None:
    made = access()
    assert status(made, {"authorization": f"Bearer {text}"}) in (401, 200 * (text.strip() == TOKEN))
    assert status(made, {"cookie": f"{COOKIE}={text}"}) == 401


def test_a_wrong_token_beside_a_good_session_is_refused() -> None:
    made = access()
    session = made.open_session(TOKEN)
    assert status(made, {**cookie(session), "authorization": "Bearer no"}) == 401


def test_a_refusal_says_how_to_be_let_in() -> None:
    with pytest.raises(Refusal) as refused:
        access().caller({}, "GET")
    assert refused.value.headers["www-authenticate"].startswith("Bearer")
    assert "token" in refused.value.problem.remedy


def test_a_session_lets_a_browser_in_for_a_day() -> None:
    seconds = Seconds()
    made = access(seconds)
    session = made.open_session(TOKEN, "duty officer")
    assert made.caller(cookie(session), "GET").actor == "duty officer"
    seconds.at_s += SESSION_LASTS_S
    assert status(made, cookie(session)) == 200
    seconds.at_s += 1.0
    assert status(made, cookie(session)) == 401


def test_an_ended_session_is_over_everywhere() -> None:
    made = access()
    session = made.open_session(TOKEN)
    caller = made.caller(cookie(session), "GET")
    made.end_session({**cookie(session), **OWN})
    assert caller.is_over
    assert status(made, cookie(session)) == 401
    made.end_session({**cookie(session), **OWN})


def test_the_oldest_session_ends_when_there_are_too_many() -> None:
    made = access()
    first = made.open_session(TOKEN)
    caller = made.caller(cookie(first), "GET")
    others = [made.open_session(TOKEN) for _ in range(MOST_SESSIONS)]
    assert caller.is_over
    assert status(made, cookie(first)) == 401
    assert all(status(made, cookie(each)) == 200 for each in others)


def test_a_ticket_opens_one_session() -> None:
    made = access()
    ticket = made.new_ticket()
    session = made.use_ticket(ticket)
    assert session is not None
    assert status(made, cookie(session)) == 200
    assert made.use_ticket(ticket) is None
    assert made.use_ticket("") is None


def test_a_ticket_grows_old() -> None:
    seconds = Seconds()
    made = access(seconds)
    ticket = made.new_ticket()
    seconds.at_s += TICKET_LASTS_S + 1.0
    assert made.use_ticket(ticket) is None


def test_only_the_newest_tickets_count() -> None:
    made = access()
    tickets = [made.new_ticket() for _ in range(MOST_TICKETS + 1)]
    assert made.use_ticket(tickets[0]) is None
    assert all(made.use_ticket(each) for each in tickets[1:])


def test_guessing_is_cut_short_but_the_right_token_is_always_taken() -> None:
    seconds = Seconds()
    made = access(seconds)
    wrong = {"authorization": "Bearer wrong"}
    assert [status(made, wrong) for _ in range(MOST_FAILURES)] == [401] * MOST_FAILURES
    assert status(made, wrong) == 429
    assert status(made, {"authorization": f"Bearer {TOKEN}"}) == 200
    assert made.open_session(TOKEN)
    seconds.at_s += FAILURES_COUNT_S + 1.0
    assert status(made, wrong) == 401


def test_whoever_guesses_too_often_is_told_how_long_to_wait() -> None:
    made = access()
    for _ in range(MOST_FAILURES):
        status(made, {"authorization": "Bearer wrong"})
    with pytest.raises(Refusal) as refused:
        made.open_session("wrong")
    assert refused.value.headers["retry-after"] == "60"


def test_a_short_token_is_not_taken_as_one() -> None:
    with pytest.raises(InvalidInput, match="too short"):
        Access("hunter2", CountedEntropy(), Seconds())


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    made = access()
    text = made.set_cookie("abc")
    assert text == f"{COOKIE}=abc; Path=/; HttpOnly; SameSite=Strict"
    assert "Secure" in made.set_cookie("abc", is_secure=True)
    assert "Max-Age=0" in made.set_cookie("")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_change_by_cookie_comes_from_our_own_page(method: str) -> None:
    made = access()
    session = cookie(made.open_session(TOKEN))
    assert status(made, session, method) == 403
    assert status(made, {**session, "sec-fetch-site": "none"}, method) == 403
    assert status(made, {**session, "sec-fetch-site": "same-site", **OWN}, method) == 403
    assert status(made, {**session, "sec-fetch-site": "cross-site", **OWN}, method) == 403
    assert status(made, {**session, "sec-fetch-site": "same-origin"}, method) == 200
    assert status(made, {**session, **OWN}, method) == 200


def test_reading_by_cookie_on_behalf_of_another_site_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        require_own_page({"sec-fetch-site": "cross-site"}, "GET")
    assert refused.value.problem.status == 403
    require_own_page({}, "GET")
    require_own_page({"sec-fetch-site": "none"}, "GET")


def test_a_program_with_the_token_needs_no_page() -> None:
    assert status(access(), {"authorization": f"Bearer {TOKEN}"}, "DELETE") == 200


def test_nodes_on_one_machine_can_keep_their_sessions_apart() -> None:
    made = Access(TOKEN, CountedEntropy(), Seconds(), cookie="keepclear_session_8601")
    session = made.open_session(TOKEN)
    assert status(made, {"cookie": f"keepclear_session_8601={session}"}) == 200
    assert status(made, cookie(session)) == 401
    assert made.set_cookie(session).startswith("keepclear_session_8601=")
