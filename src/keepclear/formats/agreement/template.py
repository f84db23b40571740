"""A first agreement to edit: complete, commented, and valid as it stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from keepclear.errors import InvalidAgreement
from keepclear.formats.agreement.reading import read_agreement
from keepclear.formats.agreement.toml_text import toml_datetime, toml_string
from keepclear.model.operation import Mode
from keepclear.model.window import require_utc

EXAMPLE_MARK = "#: "
"""What stands before each line of an example that is not in force."""
MOST_DAYS = 36_500
"""The longest an agreement from the template binds."""


def agreement_template(
    *,
    agreement_id: str,
    parties: tuple[str, str],
    mode: Mode,
    start: datetime,
    valid_days: int = 365,
    title: str | None = None,
) -> str:
    """Write an agreement for two parties to edit; `read_agreement` takes it as it stands.

    Args:
        agreement_id: its identifier.
        parties: two different ids in capitals.
        mode: EXERCISE or REAL.
        start: when it begins to bind, aware.
        valid_days: for how many days it binds.
        title: for people; None writes one from the parties' ids.

    Raises:
        InvalidWindow: `start` has no zone.
        InvalidAgreement: an id, the title or the days cannot stand in an agreement.
    """
    if not 1 <= valid_days <= MOST_DAYS:
        raise InvalidAgreement(
            f"an agreement cannot bind for {valid_days} days",
            remedy=f"Give between 1 and {MOST_DAYS} days.",
        )
    first, second = parties
    begins = require_utc(start).replace(microsecond=0)
    text = _TEMPLATE.format(
        id=toml_string(agreement_id),
        title=toml_string(title or f"Safety of flight between {first} and {second}"),
        mode=mode.value,
        first=toml_string(first),
        second=toml_string(second),
        start=toml_datetime(begins),
        end=toml_datetime(begins + timedelta(days=valid_days)),
    )
    read_agreement(text.encode(), name="the new agreement")  # refuses what it cannot hold
    return text


_TEMPLATE = """\
# An agreement that both parties can run: `keepclear agreement check FILE` lists what is wrong
# in it, line by line. The figures are a start; they are yours to change together.
# Lengths, heights and times are texts with their unit: "3 NM", "5556 m", "3,000 ft", "15 min".
# Lines that begin with "#: " are examples that are not in force. Take the mark away to use one.
schema = "keepclear-agreement/1"
id = {id}
title = {title}
version = 1 # one more at every change that both parties sign
mode = "{mode}" # EXERCISE or REAL; the two never mix

# While the line is not UP each party's own buffers grow by this factor, as a local caution.
caution_factor = 1.5

# When the agreement binds. Times carry their zone (Z is UTC) and stand without quotes.
[valid]
start = {start}
end = {end}

# Where it binds: a polygon, a circle or a corridor. Outside it keepclear cannot say.
# THIS AREA IS AN EXAMPLE: put your own in its place.
[area]
polygon = [
    "33 00.0N 035 30.0E",
    "37 00.0N 035 30.0E",
    "37 00.0N 042 00.0E",
    "33 00.0N 042 00.0E",
]
#: # in place of the polygon:
#: # circle = {{ centre = "35 24.07N 035 56.92E", radius = "60 NM" }}
#: # corridor = {{ line = ["35 24.0N 036 00.0E", "35 20.0N 040 09.0E"], half_width = "10 NM" }}

# Who signs. kind: state, coalition, un agency, ngo, operator, authority or unknown.
[[party]]
id = {first}
name = {first}
kind = "unknown"

#: # A body bound through the party above; it sees what the party sees only if you say so.
#: [[party.member]]
#: id = "MEMBER-1"
#: name = "First member"
#: inherits_disclosure = false

#: # A body whose conduct the party above answers for (true), or says it does not (false).
#: [[party.affiliate]]
#: id = "AFFILIATE-1"
#: name = "First affiliate"
#: answered_for = false

[[party]]
id = {second}
name = {second}
kind = "unknown"

# Separations: laterally OR vertically OR in time; one suffices. Every rule that matches binds.
# R1 has the figures of the "rule of threes" as one newspaper reported it of the memorandum of
# October 2015: 3 NM or 3,000 ft, and if closer no longer than 3 minutes. The memorandum's text
# is not public; the figures of this file are nobody's but yours.
# max_inside is counted on tracks afterwards. It never separates plans and never delays an alert.
[[rule]]
id = "R1"
classes = ["manned", "manned"]
lateral = "3 NM"
vertical = "3,000 ft"
max_inside = "3 min"

[[rule]]
id = "R2"
classes = ["manned", "unmanned"]
lateral = "2 NM"
vertical = "2,000 ft"

[[rule]]
id = "R3"
classes = ["unmanned", "unmanned"]
lateral = "0.5 NM"
vertical = "500 ft"

# Movements on the ground, against aircraft and against each other. A vertical figure of zero
# asks only that the bands do not meet; min_time is the least time between two windows.
[[rule]]
id = "R4"
classes = ["manned", "ground movement"]
lateral = "1 NM"
vertical = "1,000 ft"

[[rule]]
id = "R5"
classes = ["unmanned", "ground movement"]
lateral = "0.5 NM"
vertical = "500 ft"

[[rule]]
id = "R6"
classes = ["ground movement", "ground movement"]
lateral = "500 m"
vertical = "0 ft"
min_time = "15 min"

#: # A closer rule where both volumes lie wholly in one zone; elsewhere R1 still binds.
#: [[rule]]
#: id = "R7"
#: classes = ["manned", "manned"]
#: parties = [{first}, {second}]
#: zone = "Z-BLOCK"
#: replaces = ["R1"]
#: lateral = "1 NM"
#: vertical = "1,000 ft"

# Airspace with a rule. kind: exclusion, hazard, air-defence hazard area, corridor, altitude
# block or airfield ring. entry: prohibited, on notice or on contact. status: PLANNED, ACTIVE
# or TREAT AS ACTIVE; a zone ends by its last window or by leaving this file, never by a word.
#: [[zone]]
#: id = "Z-BLOCK"
#: name = "Block over the river"
#: kind = "altitude block"
#: polygon = ["35 00.0N 040 00.0E", "36 00.0N 040 00.0E", "36 00.0N 041 00.0E"]
#: band = "FL200-FL300"
#: entry = "on notice"
#: declared_by = {first}
#: users = [{first}] # parties or members that enter freely
#: classes = ["manned"] # whom it binds; without this line, all

#: # An air-defence hazard area has extent, times, status and a contact, and nothing else.
#: [[zone]]
#: id = "Z-AD"
#: name = "Area round the airfield"
#: kind = "air-defence hazard area"
#: circle = {{ centre = "35 24.07N 035 56.92E", radius = "20 NM" }}
#: band = "SFC-FL500"
#: windows = [{{ start = {start}, end = {end} }}]
#: entry = "on contact"
#: declared_by = {second}
#: status = "TREAT AS ACTIVE"
#: contact = "duty officer, 121.500 MHz"

# Agreed lines. Left and right are meant looking along the line from its first position.
# crossing: prohibited, or on notice (the notice names the boundary).
#: [[boundary]]
#: id = "B-RIVER"
#: name = "The river"
#: line = ["36 48.0N 038 01.0E", "35 56.0N 039 01.0E", "35 20.0N 040 09.0E"]
#: [[boundary.rule]]
#: party = {first}
#: keeps_to = "left"
#: crossing = "on notice"
#: [[boundary.rule]]
#: party = {second}
#: keeps_to = "right"
#: crossing = "on notice"

# Airfields with their ring and their ways in and out: others make contact before they enter.
#: [[airfield]]
#: id = "A-COAST"
#: name = "Coast airfield"
#: position = "35 24.07N 035 56.92E"
#: elevation = "48 m"
#: party = {second}
#: ring_radius = "12 NM"
#: ring_band = "SFC-FL100"
#: contact = "tower, 130.300 MHz"
#: [[airfield.corridor]]
#: name = "arrival from the sea"
#: line = ["35 24.07N 035 56.92E", "35 24.0N 035 20.0E"]
#: half_width = "2 NM"
#: band = "SFC-FL100"

# How long before its first window a notice must arrive. The most specific line binds; a line
# may name a class, a precedence, both or neither. A late notice is taken, and called late.
[[lead_time]]
minimum = "24 h"

[[lead_time]]
class = "ground movement"
minimum = "48 h"

[[lead_time]]
precedence = "IMMEDIATE"
minimum = "60 min"

[[lead_time]]
precedence = "FLASH"
minimum = "0 s"

# How big a volume may be before its notice is too big or too vague to be of use.
[[size_limit]]
extent = "60 NM"
thickness = "10,000 ft"
duration = "6 h"
tolerance = "30 min"

[[size_limit]]
class = "unmanned"
extent = "20 NM"
thickness = "5,000 ft"
duration = "6 h"
tolerance = "15 min"

# What a party shows of its operations: L0 presence, L1 the conflict bit for the asker's own
# volume, L2 the conflicting part, L3 full volumes and times, L4 tracks.
[disclosure]
default = "L1"

#: [[disclosure.exception]]
#: of = {second}
#: to = {first}
#: class = "ground movement"
#: level = "L3"

# How long each act on the line may take: a machine has it, a person has it, it is read back,
# the next level is told, the next channel is tried, the top level is told, a question is
# answered. Without top_level the top level is never told automatically.
[[clocks]]
precedence = "FLASH"
delivery = "10 s"
acknowledge = "60 s"
readback = "3 min"
escalate = "60 s"
alternate = "120 s"
top_level = "5 min"
answer = "15 min"

[[clocks]]
precedence = "IMMEDIATE"
delivery = "30 s"
acknowledge = "5 min"
readback = "15 min"
escalate = "5 min"
alternate = "10 min"
top_level = "30 min"
answer = "1 h"

[[clocks]]
precedence = "PRIORITY"
delivery = "5 min"
acknowledge = "30 min"
readback = "2 h"
escalate = "30 min"
alternate = "60 min"
top_level = "4 h"
answer = "48 h"

# 17 h is the longest wait between two checks of the plan below.
[[clocks]]
precedence = "ROUTINE"
delivery = "1 h"
acknowledge = "12 h"
readback = "24 h"
escalate = "17 h"
alternate = "24 h"
answer = "168 h"

# When the line is tested, in each direction. Check times are fixed in Z, all year.
[check_plan]
times = ["06:00Z", "13:00Z"]
answer_within = "15 min"
lapse_after_missed = 2
lapse_after = "24 h"

# How old a party's coverage statement may be. Beyond it keepclear cannot say.
[coverage]
max_age = "6 h"

# What the air may be like: it ties pressure altitude to true height.
# Temperatures are deviations from the standard atmosphere, in degrees Celsius.
[atmosphere]
qnh_low_hpa = 960
qnh_high_hpa = 1050
temperature_low_c = -20
temperature_high_c = 20

# How far a suggested change to an own plan may go.
[suggestions]
time = "2 h"
vertical = "10,000 ft"
lateral = "10 NM"

# How coarsely questions about volumes are answered at L1 and L2, and how many one party may
# ask. Without this table these same figures count, and the digest is as if it were not there.
#: [disclosure_limits]
#: grid = "1 NM"
#: grid_height = "500 ft"
#: grid_time = "15 min"
#: least_extent = "1 NM"
#: least_height = "500 ft"
#: least_duration = "15 min"
#: questions = 40
#: window = "1 h"
#: suggestion_cost = 2
#: questions_near = 8
"""
