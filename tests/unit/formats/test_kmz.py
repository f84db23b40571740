"""KMZ archives: one KML file is read, and nothing the archive tries is believed."""

from __future__ import annotations

import struct
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest

from keepclear.errors import InvalidFile
from keepclear.formats.kml import write_kml
from keepclear.formats.kmz import MOST_ENTRIES, read_kmz, write_kmz
from keepclear.formats.reading import Reading
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import Mode, OperationClass
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Circle, Position
from keepclear.model.window import Window

AT = datetime(2015, 9, 18, 12, tzinfo=UTC)
READING = Reading("plans.kmz", AT)
PLANS = PlanSet(
    coverages=(
        Coverage(
            "BLUE",
            Circle(Position(35.0, 36.0), 50_000.0),
            Window(AT, datetime(2015, 9, 19, 12, tzinfo=UTC)),
            AT,
            ((OperationClass.MANNED, Completeness.COMPLETE),),
            0,
        ),
    )
)
KML = write_kml(PLANS, mode=Mode.REAL).data


def archive(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", method) as whole:
        for name, content in entries:
            whole.writestr(zipfile.ZipInfo(name), content, method)
    return packed.getvalue()


def refusal(data: bytes, reading: Reading = READING) -> InvalidFile:
    with pytest.raises(InvalidFile) as refused:
        read_kmz(data, reading)
    assert refused.value.file == "plans.kmz"
    assert refused.value.remedy
    return refused.value


def with_header_field(data: bytes, offset: int, layout: str, value: int) -> bytes:
    """The archive with one field of its first directory entry changed."""
    changed = bytearray(data)
    struct.pack_into(layout, changed, data.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


def test_the_kml_file_is_read_whatever_its_name_and_folder() -> None:
    assert read_kmz(archive(("files/Plans.KML", KML)), READING) == PLANS


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_packed_and_plain_entries_are_read(method: int) -> None:
    assert read_kmz(archive(("doc.kml", KML), method=method), READING) == PLANS


@pytest.mark.parametrize(
    "other",
    [
        ("files/a.png", b"not looked at"),
        ("inner.kmz", archive(("doc.kml", KML))),
        ("../doc.kml", b"<escape/>"),
        ("/doc.kml", b"<escape/>"),
        ("a/../../b.kml", b"<escape/>"),
        ("..\\doc.kml", b"<escape/>"),
        ("c:doc.kml", b"<escape/>"),
        ("doc.kml/", b""),
    ],
)
def test_everything_else_in_the_archive_is_passed_over(other: tuple[str, bytes]) -> None:
    assert read_kmz(archive(other, ("doc.kml", KML)), READING) == PLANS


def test_a_name_with_a_hidden_end_is_passed_over() -> None:
    data = archive(("abc.kmlX.kml", b"<escape/>"), ("doc.kml", KML))
    assert read_kmz(data.replace(b"abc.kmlX.kml", b"abc.kml\0.kml"), READING) == PLANS


@pytest.mark.parametrize(
    "entries", [[("a.txt", KML)], [("a.kml", KML), ("b.kml", KML)], [("../doc.kml", KML)]]
)
def test_an_archive_without_exactly_one_kml_file_is_refused(
    entries: list[tuple[str, bytes]],
) -> None:
    assert ".kml files" in refusal(archive(*entries)).message


def test_two_entries_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = archive(("doc.kml", KML), ("doc.kml", b"<other/>"))
    assert "2 .kml files" in refusal(data).message


@pytest.mark.parametrize("data", [b"", KML, b"Rar!\x1a\x07", b"junk" + archive(("doc.kml", KML))])
def test_what_is_not_an_archive_is_refused(data: bytes) -> None:
    refusal(data)


def test_an_archive_that_is_cut_off_is_refused() -> None:
    data = archive(("doc.kml", KML))
    for size in range(1, len(data), 37):
        refusal(data[:size])


def test_an_archive_with_a_changed_byte_of_content_is_refused() -> None:
    data = bytearray(archive(("doc.kml", KML), method=zipfile.ZIP_STORED))
    data[200] ^= 1
    assert "BadZipFile" in refusal(bytes(data)).message


def test_a_zip_bomb_is_refused_by_its_ratio() -> None:
    bomb = archive(("doc.kml", KML + b" " * 20_000_000))
    assert len(bomb) < 50_000
    assert "200 times" in refusal(bomb).message


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = archive(("doc.kml", KML + b" " * 20_000_000))
    refusal(with_header_field(bomb, 24, "<I", 1_000))
    refusal(with_header_field(bomb, 20, "<I", 2**31))


def test_a_file_that_unpacks_beyond_the_callers_limit_is_refused() -> None:
    small = Reading("plans.kmz", AT, most_bytes=len(KML) - 1)
    data = archive(("doc.kml", KML))
    assert len(data) < small.most_bytes
    assert "unpacks to more than" in refusal(data, small).message


def test_an_encrypted_entry_is_refused() -> None:
    data = with_header_field(archive(("doc.kml", KML)), 8, "<H", 0x1)
    assert "encrypted" in refusal(data).message


def test_an_unusual_packing_is_refused() -> None:
    assert "unusual" in refusal(archive(("doc.kml", KML), method=zipfile.ZIP_LZMA)).message


def test_a_zip64_archive_is_refused() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as whole:
        entry = zipfile.ZipInfo("doc.kml")
        entry.extra = struct.pack("<HHQQ", 1, 16, len(KML), len(KML))
        whole.writestr(entry, KML)
    assert "Zip64" in refusal(packed.getvalue()).message
    data = archive(("doc.kml", KML))
    end = data.rindex(b"PK\x05\x06")
    locator = b"PK\x06\x07" + bytes(16)
    assert "Zip64" in refusal(data[:end] + locator + data[end:]).message


def test_other_extra_fields_do_no_harm() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as whole:
        entry = zipfile.ZipInfo("doc.kml")
        entry.extra = struct.pack("<HHBI", 0x5455, 5, 1, 0)
        whole.writestr(entry, KML)
    assert read_kmz(packed.getvalue(), READING) == PLANS


def test_an_archive_of_very_many_entries_is_refused_before_they_are_listed() -> None:
    data = archive(("doc.kml", KML), ("a.txt", b"PK\x01\x02" * (MOST_ENTRIES + 1)), method=0)
    assert "entries" in refusal(data).message


def test_errors_of_the_inner_file_carry_the_archives_name() -> None:
    assert "begins with 'gpx'" in refusal(archive(("doc.kml", b"<gpx/>"))).message


def test_what_is_written_names_the_file_as_kml_expects() -> None:
    data = write_kmz(PLANS, mode=Mode.REAL).data
    assert zipfile.ZipFile(BytesIO(data)).namelist() == ["doc.kml"]
    assert read_kmz(data, READING) == PLANS
