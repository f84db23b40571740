"""KML files: the same properties in ExtendedData, and which files are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest

from keepclear.errors import InvalidFile, ModeMismatch
from keepclear.formats.kml import read_kml
from keepclear.formats.reading import Reading
from keepclear.formats.strict_json import MOST_CHARACTERS
from keepclear.model.operation import Mode
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import MOST_VERTICES, Circle, Corridor, Polygon, Position

RECEIVED_AT = datetime(2015, 9, 18, 12, tzinfo=UTC)
STRICT = Reading("plans.kml", RECEIVED_AT, party="BLUE", mode=Mode.REAL)
SKIPPING = Reading("plans.kml", RECEIVED_AT, party="BLUE", mode=Mode.REAL, skip_invalid=True)
SILENT = Reading("plans.kml", RECEIVED_AT)

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">'
GX = 'xmlns:gx="http://www.google.com/kml/ext/2.2"'
POINT = "<Point><coordinates>35.95,35.71</coordinates></Point>"
LINE = "<LineString><coordinates>35,36 36,37,900</coordinates></LineString>"
RING = "<LinearRing><coordinates>\n35,36 36,36\t36,37,0\n35,36 </coordinates></LinearRing>"
AREA = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs></Polygon>"
SPAN = (
    "<TimeSpan><begin>2015-09-18T13:00:00Z</begin><end>2015-09-18T17:30:00+03:00</end></TimeSpan>"
)


def data(**properties: object) -> str:
    items = (
        f'<Data name="{name}"><value>{escape(str(value))}</value></Data>'
        for name, value in properties.items()
        if value != "-"
    )
    return f"<ExtendedData>{''.join(items)}</ExtendedData>"


def placemark(
    designator: str = "B-7731", /, drawn: str = POINT, more: str = "", **changes: object
) -> str:
    properties = {
        "designator": designator,
        "class": "manned",
        "lower_fl": 240,
        "upper_fl": 260,
        "start": "2015-09-18T13:00:00Z",
        "end": "2015-09-18T14:30:00Z",
        "radius_m": 5_000,
        **changes,
    }
    return f"<Placemark><name>seen</name>{more}{data(**properties)}{drawn}</Placemark>"


def document(*parts: str) -> bytes:
    return f"{HEAD}<Document>{''.join(parts)}</Document></kml>".encode()


def read(*parts: str, reading: Reading = STRICT) -> PlanSet:
    return read_kml(document(*parts), reading)


def refusal(whole: bytes, reading: Reading = STRICT) -> InvalidFile:
    with pytest.raises(InvalidFile) as refused:
        read_kml(whole, reading)
    assert refused.value.file == "plans.kml"
    assert refused.value.remedy
    return refused.value


def test_a_point_with_a_radius_is_a_circle() -> None:
    plans = read(placemark())
    assert plans.operations[0].volumes[0].footprint == Circle(Position(35.71, 35.95), 5_000.0)
    assert plans.operations[0].source.feature == "feature 1 (B-7731)"


def test_a_line_is_a_corridor_and_heights_of_coordinates_are_ignored() -> None:
    footprint = read(placemark("B-1", LINE, radius_m="-", half_width_m=2_000)).operations[0]
    assert footprint.volumes[0].footprint == Corridor(
        (Position(36.0, 35.0), Position(37.0, 36.0)), 2_000.0
    )


def test_a_polygon_may_have_holes() -> None:
    holes = f"<innerBoundaryIs>{RING}</innerBoundaryIs>" * 2
    drawn = (
        f"<Polygon><extrude>1</extrude>{holes}<outerBoundaryIs>{RING}</outerBoundaryIs></Polygon>"
    )
    footprint = read(placemark("B-1", drawn, radius_m="-")).operations[0].volumes[0].footprint
    assert isinstance(footprint, Polygon)
    assert [len(ring) for ring in footprint.rings] == [3, 3, 3]


def test_spaces_around_a_value_do_not_matter_but_in_free_text_they_are_kept() -> None:
    plans = read(placemark("\n  B-7731 ", lower_fl=" 240\n", contact=" 130.0 "))
    assert plans.operations[0].designator == "B-7731"
    assert plans.operations[0].contact == " 130.0 "


def test_lists_are_written_as_in_json() -> None:
    plans = read(placemark(crossings='["RIVER"]', entries='["Z-1", "Z-2"]'))
    assert plans.operations[0].entries == ("Z-1", "Z-2")
    assert "crossings" in refusal(document(placemark(crossings="RIVER"))).message


def test_typed_data_of_a_schema_is_read_like_plain_data() -> None:
    plain = placemark()
    typed = (
        plain.replace("<ExtendedData>", '<ExtendedData><SchemaData schemaUrl="#s">')
        .replace("</ExtendedData>", "</SchemaData></ExtendedData>")
        .replace("<Data ", "<SimpleData ")
        .replace("</Data>", "</SimpleData>")
        .replace("<value>", "")
        .replace("</value>", "")
    )
    assert read(typed) == read(plain)


def test_the_document_may_state_mode_and_party() -> None:
    stated = data(profile="keepclear-kml/1", mode="\n EXERCISE ", party="AMBER")
    plans = read(stated, placemark(), reading=SILENT)
    assert (plans.operations[0].party, plans.operations[0].mode) == ("AMBER", Mode.EXERCISE)


def test_a_statement_of_the_document_that_is_not_understood_refuses_it() -> None:
    assert "keepclear-kml/1" in refusal(document(data(profile="keepclear-kml/9")), SKIPPING).message
    assert "'owner'" in refusal(document(data(owner="AMBER")), SKIPPING).message
    assert "twice" in refusal(document(data(mode="REAL"), data(mode="REAL")), SKIPPING).message


@pytest.mark.parametrize("reading", [STRICT, SKIPPING])
def test_exercise_and_real_never_stand_in_one_file(reading: Reading) -> None:
    with pytest.raises(ModeMismatch):
        read(placemark("B-1", mode="REAL"), placemark("B-2", mode="EXERCISE"), reading=reading)


@pytest.mark.parametrize(
    "passed_over",
    [
        '<Style id="s"><LineStyle><width>2</width></LineStyle></Style>',
        "<LookAt><longitude>35</longitude></LookAt>",
        "<GroundOverlay><Icon><href>a.png</href></Icon></GroundOverlay>",
        f"<gx:Tour {GX}><gx:Playlist/></gx:Tour>",
        '<a:author xmlns:a="http://www.w3.org/2005/Atom"><a:name>x</a:name></a:author>',
        "<!-- a remark --><?hint none?>",
    ],
)
def test_looks_and_views_are_passed_over(passed_over: str) -> None:
    folder = f"<Folder><name>f</name>{passed_over}{placemark()}</Folder>"
    assert read(passed_over, folder) == read(placemark())


@pytest.mark.parametrize(
    "more", ["<styleUrl>#s</styleUrl>", "<visibility>0</visibility>", f"<gx:balloon {GX}/>", SPAN]
)
def test_looks_of_a_placemark_are_passed_over(more: str) -> None:
    end = "2015-09-18T14:30:00Z"
    assert read(placemark("B-1", more=more, end=end)) == read(placemark("B-1", end=end))


@pytest.mark.parametrize(
    "span",
    [
        SPAN.replace("13:00", "12:00"),
        SPAN.replace("+03:00", "+02:00"),
        SPAN.replace("+03:00", ""),
        SPAN + SPAN,
        "<TimeSpan/>",
        "<TimeSpan><begin>2015</begin></TimeSpan>",
    ],
)
def test_a_time_span_that_does_not_repeat_the_properties_is_refused(span: str) -> None:
    fault = refusal(document(placemark(more=span)))
    assert fault.feature == "feature 1 (B-7731)"
    assert "TimeSpan" in fault.message


def test_a_time_span_does_not_stand_in_for_the_properties() -> None:
    assert "TimeSpan" in refusal(document(placemark(more=SPAN, start="-"))).message


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ("", "draws 0 geometries"),
        (POINT + POINT, "draws 2 geometries"),
        (f"<MultiGeometry>{POINT}</MultiGeometry>", "'MultiGeometry'"),
        ("<Model/>", "'Model'"),
        (f"<gx:Track {GX}/>{POINT}", "gx:Track"),
        ("<Point/>", "0 positions"),
        (POINT.replace("35.95,35.71", "35.95,35.71 1,2"), "2 positions"),
        (POINT.replace("35.95,35.71", "35.95, 35.71"), "'35.95,' is not a position"),
        (POINT.replace("35.95,35.71", "35.95"), "not a position"),
        (POINT.replace("35.95,35.71", "nan,inf"), "not a position"),
        (POINT.replace("35.95,35.71", "1e999,2"), "not a number"),
        (POINT.replace("35.95,35.71", "0x1F,2_0"), "not a position"),
        (POINT.replace("35.95,35.71", "35,95.71"), "may be swapped"),
        (POINT.replace("coordinates", "coords"), "'coords'"),
        (AREA.replace("outer", "inner"), "0 outer boundaries"),
        (AREA.replace("36,37,0", "36,36"), "fewer than three"),
        (AREA.replace("35,36 <", "35,35 <"), "not closed"),
        (f"<Polygon><outerBoundaryIs>{RING}{RING}</outerBoundaryIs></Polygon>", "2 outer"),
        (LINE.replace("35,36 ", "1,2 " * (MOST_VERTICES + 2)), "20,000"),
    ],
)
def test_a_geometry_that_is_not_understood_is_refused(drawn: str, said: str) -> None:
    width = "-" if "Polygon" in drawn else 5_000
    fault = refusal(document(placemark("B-1", drawn, radius_m=width)))
    assert fault.feature == "feature 1 (B-1)"
    assert said in fault.message


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (placemark(lower_fl="two hundred"), "not a number"),
        (placemark(lower_fl="0x10"), "not a number"),
        (placemark(lower_fl="9" * 65), "not a number"),
        (placemark(lower_fl="1e999"), "not finite"),
        (placemark(version="1.0"), "not a whole number"),
        (placemark(entries="[" * 100), "nested"),
        (placemark(entries='["a"'), "not valid JSON"),
        (placemark(owner="x"), "no property 'owner'"),
        (placemark().replace('name="class"', ""), "no name"),
        (placemark().replace('name="upper_fl"', 'name="lower_fl"'), "stands twice"),
        (placemark().replace("<value>manned", "<value>manned</value><value>"), "2 values"),
        (placemark().replace("<ExtendedData>", "<ExtendedData><Datum/>"), "'Datum'"),
        (placemark(more="<TimeStamp><when>2015</when></TimeStamp>"), "'TimeStamp'"),
        (placemark(more="<Wrong/>"), "'Wrong'"),
    ],
)
def test_a_placemark_that_is_not_understood_leaves_its_operation_out(
    broken: str, said: str
) -> None:
    assert said in refusal(document(placemark("B-1"), broken)).message
    plans = read(placemark(), broken, placemark("B-1"), reading=SKIPPING)
    assert [operation.designator for operation in plans.operations] == ["B-1"]
    assert [fault.feature for fault in plans.rejected] == [
        "feature 1 (B-7731)",
        "feature 2 (B-7731)",
    ]


LINK = "<NetworkLink><Link><href>http://a.example/b.kml</href></Link></NetworkLink>"
DOCTYPE = HEAD.replace("<kml", '<!DOCTYPE kml [<!ENTITY a "b">]><kml')
EXTERNAL = HEAD.replace("<kml", '<!DOCTYPE kml SYSTEM "file:///etc/hostname"><kml')


@pytest.mark.parametrize("reading", [STRICT, SKIPPING])
@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (b"", "empty"),
        (b"kml", "not well-formed"),
        (document(placemark())[:-30], "not well-formed"),
        (document(placemark()) + b"<kml/>", "not well-formed"),
        (document("&lol;"), "not well-formed"),
        (f"{DOCTYPE}</kml>".encode(), "document type or entities"),
        (f"{EXTERNAL}</kml>".encode(), "document type or entities"),
        (b"<gpx/>", "begins with 'gpx'"),
        (b"<kml/>", "begins with 'kml'"),
        (document(placemark()).replace(b'"UTF-8"', b'"UTF-16"'), "declares the encoding"),
        (document(placemark()).decode().encode("utf-16"), "UTF-16"),
        (document(placemark("B-\xe9")).replace(b"\xc3\xa9", b"\xe9"), "not UTF-8"),
        (document(placemark("\x01")), "not well-formed"),
        (document(LINK), "points to what is not in the file"),
        (document(f"<Folder>{LINK}</Folder>"), "points to what is not in the file"),
        (document(f"<Style>{LINK}</Style>"), "points to what is not in the file"),
        (document(f"<GroundOverlay>{placemark()}</GroundOverlay>"), "passed over"),
        (document(f"<gx:Tour {GX}>{placemark()}</gx:Tour>"), "passed over"),
        (document(placemark(drawn=placemark())), "passed over"),
        (document(f"<Folder>{data(mode='REAL')}</Folder>"), "'ExtendedData'"),
        (document(SPAN), "'TimeSpan'"),
        (document("<Placemerk/>"), "'Placemerk'"),
        (document("words"), "text stands between"),
        (document("<Folder>" * 100), "nested more than 64"),
        (document(placemark("B-1", "<Polygon>" * 100)), "nested more than 64"),
        (document(f'<x:a xmlns:x="{"u" * 300}"/>'), "namespace"),
        (document(placemark("x" * (MOST_CHARACTERS + 1))), "characters"),
        (document(f"<Placemark>{'<a/>' * 50_001}</Placemark>"), "elements in one Placemark"),
    ],
)
def test_a_file_that_is_broken_is_refused_even_when_features_may_be_skipped(
    whole: bytes, said: str, reading: Reading
) -> None:
    fault = refusal(whole, reading)
    assert said in fault.message
    assert fault.feature == ""


def test_the_remedy_for_a_misspelt_element_names_the_known_one() -> None:
    assert refusal(document("<Placemerk/>")).remedy == "Did you mean 'Placemark'?"


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
def test_files_of_older_vocabularies_are_read(version: str) -> None:
    older = document(placemark()).replace(
        b"http://www.opengis.net/kml/2.2", f"http://earth.google.com/kml/{version}".encode()
    )
    assert read_kml(older, STRICT) == read(placemark())


def test_a_byte_order_mark_is_accepted() -> None:
    assert read_kml(b"\xef\xbb\xbf" + document(placemark()), STRICT) == read(placemark())


def test_the_callers_limits_bind() -> None:
    few = Reading("plans.kml", RECEIVED_AT, "BLUE", Mode.REAL, most_features=1)
    assert len(read(placemark(), reading=few).operations) == 1
    assert "more than 1 Placemarks" in refusal(document(placemark(), placemark()), few).message
    assert "elements" in refusal(document("<Style>", "<a/>" * 10_020, "</Style>"), few).message
