"""Messages as text: rows of a list, one in full, what a readback came to, the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console

from keepclear.cli.exit_codes import DONE, ExitCode
from keepclear.cli.node_client import NodeClient
from keepclear.cli.node_output import moment, one_of, print_json, print_rows, told_by
from keepclear.errors import InvalidMessage, NotFound
from keepclear.reports.wording import plain


def print_messages(console: Console, items: Iterable[dict[str, Any]]) -> None:
    """A list of messages that fits a narrow terminal: two lines each, ids whole to be copied."""
    none = True
    for record in items:
        none = False
        document, life = record["document"], record["life"]
        serial = "draft" if record["serial"] is None else f"{record['epoch']}/{record['serial']}"
        heads = (
            serial,
            document["from"],
            document["precedence"],
            f"{document['code']} {record['name']}",
        )
        _say(console, "  ".join(heads))
        waits = _waits_for(life)
        _say(console, f"    {record['id']}  {life['state']}" + (f", {waits}" if waits else ""))
    if none:
        console.print("No message.")


def print_message(node: NodeClient, record: dict[str, Any]) -> None:
    """One message in full, with what may be done next."""
    life = record["life"]
    with told_by(node, f"{record['id']}, {life['state']}") as console:
        for line in record["printed"]:
            _say(console, line)
        for doubt in life["doubts"]:
            _say(console, f"doubt: {doubt}")
        for problem in record["problems"]:
            _say(console, f"lacks: {problem['place']}: {problem['text']}")
        for each in record["cautions"]:
            words = f"{each['place']}: {each['text']}. {each['remedy']}"
            _say(console, f"tells too much: {words} (or --confirm {each['id']})")
        _print_history(console, life["history"])
        for clock in life["clocks"]:
            word = "ran out" if clock["overdue"] else "runs out"
            _say(console, f"{clock['kind']}: {word} {moment(clock['due'])}")
        acts = ", ".join(each["kind"] for each in record["acts"])
        _say(console, f"next: {acts or 'nothing'}")


def print_comparison(node: NodeClient, found: dict[str, Any], *, as_json: bool) -> int:
    """What a readback comes to; the exit code is 1 where something differs."""
    if as_json:
        print_json(found)
    else:
        word = "as it was sent" if found["matches"] else "it differs"
        with told_by(node, word) as console:
            for each in found["differences"]:
                heard = json.dumps(each["heard"], ensure_ascii=False)
                sent = json.dumps(each["sent"], ensure_ascii=False)
                _say(console, f"{each['label']}: heard {heard}, sent {sent}: {each['reason']}")
    return DONE if found["matches"] else ExitCode.CONFLICT


def print_catalogue(
    node: NodeClient, found: dict[str, Any], code: str | None, *, as_json: bool
) -> int:
    """The message types, or the fields of one.

    Raises:
        NotFound: there is no type of that code.
    """
    items = found["items"]
    if code is not None:
        items = [each for each in items if each["code"] == code.upper()]
        if not items:
            raise NotFound(f"there is no message {plain(code, 20)}")
    if as_json:
        print_json({"items": items})
        return DONE
    heading = one_of(len(items), "message type") if code is None else items[0]["name"]
    with told_by(node, heading) as console:
        if code is None:
            rows = ((each["code"], each["name"], each["purpose"]) for each in items)
            print_rows(console, ("Code", "Message", "For"), rows, none="None.")
        else:
            columns = ("Field", "Kind", "Needed", "Read back", "What to write")
            print_rows(console, columns, _field_rows(items[0]["fields"]), none="No fields.")
    return DONE


def heard_fields(given: Iterable[str]) -> dict[str, Any]:
    """Fields given as FIELD=VALUE; a value that is JSON is taken as such.

    Raises:
        InvalidMessage: one has no equals sign.
    """
    found: dict[str, Any] = {}
    for each in given:
        name, sign, text = each.partition("=")
        if not sign or not name:
            raise InvalidMessage(
                f"--heard: {each!r:.80} has no field", remedy="Write --heard position=35.7N..."
            )
        found[name] = _value(text)
    return found


def _value(text: str) -> Any:
    if text[:1] in ("{", "[") or text in ("true", "false"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _field_rows(fields: Iterable[dict[str, Any]]) -> Iterable[Sequence[object]]:
    for field in fields:
        words = f" One of: {', '.join(field['choices'])}." if field["choices"] else ""
        yield (
            field["key"],
            field["kind"],
            "yes" if field["mandatory"] else "",
            "yes" if field["read_back"] else "",
            f"{field['explanation']}.{words}",
        )


def _print_history(console: Console, history: Iterable[dict[str, Any]]) -> None:
    for step in history:
        who = " ".join(filter(None, (step["role"], step["actor"])))
        late = " LATE" if step["late"] else ""
        why = f": {step['reason']}" if step["reason"] else ""
        told = f"{moment(step['at'])} {step['act']}{late} -> {step['state']}"
        _say(console, f"{told} ({who}){why}" if who else f"{told}{why}")


def _waits_for(life: dict[str, Any]) -> str:
    overdue = [clock["kind"] for clock in life["clocks"] if clock["overdue"]]
    if overdue:
        return f"overdue: {', '.join(overdue)}"
    clocks = [clock for clock in life["clocks"] if clock["kind"] != "expiry"]
    return f"{clocks[0]['kind']} {moment(clocks[0]['due'])}" if clocks else ""


def _say(console: Console, text: str) -> None:
    console.print(plain(text, 2_000), markup=False, highlight=False)
