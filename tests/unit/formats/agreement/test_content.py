import re
from dataclasses import replace
from pathlib import Path

import pytest

from keepclear.errors import InvalidAgreement, InvalidInput
from keepclear.formats.agreement import (
    SCHEMA,
    agreement_content,
    agreement_digest,
    read_agreement,
    write_agreement,
)
from keepclear.model.agreement import Agreement

ASSETS = Path(__file__).parents[3] / "assets" / "agreement"
COMPLETE = (ASSETS / "complete.toml").read_text()
MINIMAL = (ASSETS / "minimal.toml").read_text()


def read(text: str) -> Agreement:
    return read_agreement(text.encode(), name="agreement.toml")


def test_a_read_agreement_carries_its_digest() -> None:
    agreement = read(COMPLETE)
    assert agreement.digest == agreement_digest(agreement)
    assert re.fullmatch("[0-9a-f]{64}", agreement.digest)


def test_the_digest_of_the_complete_agreement_never_changes() -> None:
    # Parties compare it over years and versions of keepclear. If this fails, either undo the
    # change, or raise the schema's number and say so in the change log.
    assert read(COMPLETE).digest == (
        "8ffe4881927673807b33f0cf1c4dde299c654fd2d1bd5f61aa9cf29a23c30cef"
    )


def test_the_digest_takes_no_part_in_itself() -> None:
    agreement = read(MINIMAL)
    assert agreement_digest(replace(agreement, digest="")) == agreement.digest
    assert "digest" not in agreement_content(agreement)


def test_the_content_names_its_schema_and_holds_si_numbers_and_utc_times() -> None:
    content = agreement_content(read(COMPLETE))
    assert content["schema"] == SCHEMA
    assert content["valid"] == {"start": "2015-10-20T00:00:00Z", "end": "2016-10-20T00:00:00Z"}
    assert content["rules"][0]["lateral_m"] == 5_556.0
    assert content["rules"][0]["vertical_m"] == 914.4
    assert content["zones"][3]["footprint"]["shape"] == "circle"
    assert content["check_plan"]["times_z"][0] == "05:30:00Z"
    assert content["default_level"] == "L2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('lateral = "3 NM"', 'lateral = "5556 m"'),
        ('lateral = "3 NM"', 'lateral = "5.556 km"'),
        ('vertical = "3,000 ft"', 'vertical = "914.4 m"'),
        ('"300 NM"', '"555,600 m"'),
        ('"35 00.0N 038 00.0E"', '"35.0000N 038.0000E"'),
        ('"35 00.0N 038 00.0E"', '"N35 00 00 E038 00 00"'),
        ("2015-10-20T00:00:00Z", "2015-10-20 03:00:00+03:00"),
        ('id = "R1"\nlateral = "3 NM"', 'lateral = "3 NM"\n\nid = "R1" # comment'),
        ('id = "R1"', 'id = "R1"\nmin_time = "0 s"'),
        ('mode = "REAL"', 'mode = "REAL"\ncaution_factor = 1.5'),
        ('vertical = "3,000 ft"', 'vertical = "3,000 ft"\n\n[coverage]\nmax_age = "360 min"'),
        (
            'circle = { centre = "35 00.0N 038 00.0E", radius = "300 NM" }',
            '[area.circle]\nradius = "300 NM"\ncentre = "35 00.0N 038 00.0E"',
        ),
        ("\n", "\r\n"),
    ],
)
def test_another_notation_of_the_same_has_the_same_digest(one: str, other: str) -> None:
    assert one in MINIMAL
    assert read(MINIMAL.replace(one, other)).digest == read(MINIMAL).digest


def test_the_order_of_what_has_no_order_keeps_the_digest() -> None:
    changed = COMPLETE
    for one, other in [
        ('["BLUE", "AMBER"]', '["AMBER", "BLUE"]'),
        ('["BLUE", "BLUE-1"]', '["BLUE-1", "BLUE"]'),
        ('["05:30Z", "12:30Z", "21:45:30Z"]', '["21:45:30Z", "12:30Z", "05:30Z"]'),
    ]:
        assert one in changed
        changed = changed.replace(one, other)
    assert read(changed).digest == read(COMPLETE).digest


def test_the_direction_of_a_boundary_changes_the_digest() -> None:
    line = '"36 48.0N 038 01.0E", "35 56.0N 039 01.0E", "35 20.0N 040 09.0E"'
    turned = ", ".join(reversed(line.split(", ")))
    assert read(COMPLETE.replace(line, turned)).digest != read(COMPLETE).digest


def test_every_changed_digit_changes_the_digest() -> None:
    text, original = write_agreement(read(COMPLETE)), read(COMPLETE)
    changed_count = 0
    for found in list(re.finditer("[0-9]", text))[::3]:  # a third of them, to be quick
        digit = str((int(found[0]) + 1) % 10)
        changed = text[: found.start()] + digit + text[found.end() :]
        try:
            agreement = read(changed)
        except InvalidInput:
            continue
        if replace(agreement, digest="") != replace(original, digest=""):
            changed_count += 1
            is_far_below_a_millimetre = _first_decimals(text, found.start()) > 9
            assert agreement.digest != original.digest or is_far_below_a_millimetre, changed
    assert changed_count > 150


def _first_decimals(text: str, at: int) -> int:
    """At which decimal of its number a digit stands; 0 before the point."""
    start = at
    while text[start - 1].isdigit():
        start -= 1
    return at - start + 1 if text[start - 1] == "." else 0


def test_a_figure_of_another_kind_has_no_plain_form() -> None:
    agreement = replace(read(MINIMAL), title=b"bytes")  # type: ignore[arg-type]
    with pytest.raises(InvalidAgreement):
        agreement_digest(agreement)
