"""Texts, bundles, cards and judgements over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from api.test_lines import Asked, client
from line_pair import LINE, paired_nodes
from messages import an_id, released

CARDS = f"/lines/{LINE}/cards"


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    with ExitStack() as stack:
        pair = stack.enter_context(paired_nodes(tmp_path))
        pair.look()
        pair.cut = True
        yield Asked(pair, client(stack, pair.blue), client(stack, pair.amber))


def text_of(asked: Asked, code: str = "M09") -> Any:
    sent = released(asked.pair.blue, code)
    return asked.blue.get(f"/messages/{sent.stored.id}/text").json()


def enter(asked: Asked, line: str, name: str = "copy", **more: str) -> Any:
    body = {"text": line, "by": "telephone", "role": "duty officer", **more}
    return asked.amber.put(f"/texts/{an_id(name)}", json=body)


def test_a_text_goes_from_one_node_to_the_other_by_hand(asked: Asked) -> None:
    told = text_of(asked, "M16")
    assert told["word"] in told["spoken_line"]
    english, russian = told["aloud"]
    assert english["mark"] == ""
    assert russian["mark"] == "UNVERIFIED TRANSLATION"
    assert any(each["read_back"] for each in english["sentences"])
    drawn = asked.blue.put(f"/lines/{LINE}/card-secret", json={}).json()
    typed = asked.amber.put(f"/lines/{LINE}/card-secret", json={"secret": drawn["secret"]}).json()
    assert typed["mark"] == drawn["mark"]
    copy = enter(asked, told["line"]).json()
    assert copy["state"] == "waits for authentication"
    assert asked.amber.get("/texts", params={"line": LINE}).json()["total"] == 1
    reply = asked.blue.put(
        f"/lines/{LINE}/card-reply", json={"challenge": copy["challenge"]}
    ).json()
    answer = {
        "challenge": copy["challenge"],
        "reply": reply["reply"],
        "role": "duty officer",
    }
    kept = asked.amber.put(f"/texts/{copy['id']}/authentication", json=answer).json()
    assert kept["state"] == "authenticated"
    assert asked.amber.get(f"/messages/{copy['message']}").status_code == 200
    assert asked.amber.get(CARDS).json()["used"] == [copy["challenge"]]


def test_a_reading_enters_nothing(asked: Asked) -> None:
    told = text_of(asked)
    read = asked.amber.post("/text-readings", json={"text": told["line"]}).json()
    assert read["serial"] == told["serial"]
    assert asked.amber.get("/texts").json() == {"total": 0, "items": [], "next": None}


def test_a_wrong_digit_is_a_problem_that_says_so(asked: Asked) -> None:
    told = text_of(asked)
    response = enter(asked, told["line"].replace("35.7100N", "35.7900N"))
    assert response.status_code == 400
    assert "check word" in response.json()["detail"]
    assert asked.amber.get("/quarantine").json()["total"] == 1


def test_a_disputed_text_stands_in_the_alarms_until_somebody_saw_it(asked: Asked) -> None:
    from unit.contact.test_text_lines import spoilt

    told = text_of(asked)
    copy = enter(asked, spoilt(told["line"], "two fast", "one slow")).json()
    asked.pair.cut = False
    asked.pair.carry()
    now = asked.amber.get(f"/texts/{copy['id']}").json()
    assert now["state"] == "DISPUTED"
    assert now["differences"][0]["key"] == "subject"

    def alarmed() -> bool:
        items = asked.amber.get("/alarms").json()["items"]
        return any(each["about"]["id"] == copy["id"] for each in items)

    assert alarmed()
    asked.amber.put(f"/texts/{copy['id']}/seen")
    assert not alarmed()


def test_bundles_go_out_and_in(asked: Asked) -> None:
    released(asked.pair.blue, "M16")
    out = asked.blue.post(f"/lines/{LINE}/bundle")
    assert out.headers["keepclear-envelopes"] == "1"
    told = asked.amber.put(f"/lines/{LINE}/bundle", content=out.content).json()
    assert told["results"] == {"taken": 1}
    back = asked.amber.post(f"/lines/{LINE}/bundle")
    assert asked.blue.put(f"/lines/{LINE}/bundle", content=back.content).json()["settled"] == 1


def test_a_node_without_mail_says_so(asked: Asked) -> None:
    for path in ("/mail", f"/lines/{LINE}/mail"):
        response = asked.blue.post(path)
        assert response.status_code == 409
        assert "mail" in response.json()["detail"]


@pytest.mark.parametrize("card", ["call", "contact", "lost-line", "challenge"])
@pytest.mark.parametrize("size", ["A4", "A6"])
def test_every_card_is_one_page_that_asks_for_nothing(asked: Asked, card: str, size: str) -> None:
    asked.blue.put(f"/lines/{LINE}/card-secret", json={})
    response = asked.blue.get(f"{CARDS}/{card}", params={"size": size})
    assert response.status_code == 200
    page = response.text
    assert page.count("EXERCISE") >= 3
    assert f"size: {size}" in page
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert "http://" not in page
    assert "<script" not in page


def test_translations_are_marked_until_both_linguists_signed(asked: Asked) -> None:
    digest = asked.blue.get("/phrases").json()["digest"]

    def marked() -> int:
        page: str = asked.blue.get(f"{CARDS}/call").text
        return page.count("UNVERIFIED TRANSLATION")

    assert marked() > 60
    sign = f"/lines/{LINE}/phrases/signatures"
    body = {"digest": digest, "role": "linguist of the watch"}
    wrong = asked.blue.put(f"{sign}/BLUE", json={**body, "digest": "0" * 64})
    assert wrong.status_code == 400
    assert asked.blue.put(f"{sign}/BLUE", json=body).status_code == 200
    assert marked() > 60
    assert asked.blue.put(f"{sign}/AMBER", json=body).status_code == 200
    assert marked() == 0


def test_a_challenge_card_needs_a_secret(asked: Asked) -> None:
    assert asked.blue.get(f"{CARDS}/challenge").status_code == 404
    assert asked.blue.get(f"{CARDS}/other").status_code == 400


def test_a_text_sheet_is_a_page(asked: Asked) -> None:
    sent = released(asked.pair.blue, "M03")
    page = asked.blue.get(f"/messages/{sent.stored.id}/text-sheet").text
    assert "KC1 M03" in page
    assert "Read aloud" in page


def test_a_notice_without_a_contact_is_insufficient_and_its_answer_is_drafted(asked: Asked) -> None:
    sent = released(asked.pair.blue, "M03")
    asked.pair.cut = False
    asked.pair.carry()
    path = f"/messages/{sent.stored.id}/judgement"
    ours, theirs = asked.blue.get(path).json(), asked.amber.get(path).json()
    for each in (ours, theirs):
        assert each["score"] == "INSUFFICIENT"
        assert [one["kind"] for one in each["findings"]] == ["too vague"]
    assert (ours["is_ours"], theirs["is_ours"]) == (True, False)
    assert asked.blue.put(f"{path}/answer").status_code == 409
    drafted = asked.amber.put(f"{path}/answer").json()["message"]
    assert asked.amber.put(f"{path}/answer").json()["message"] == drafted
    draft = asked.amber.get(f"/messages/{drafted}").json()
    assert draft["life"]["state"] == "READY"
    assert "INSUFFICIENT" in draft["document"]["fields"]["definition"]
    assert asked.amber.get("/judgements").json()["total"] == 1
