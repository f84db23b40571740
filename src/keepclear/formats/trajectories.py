"""Recorded trajectories from Parquet and CSV, in the columns the ADS-B community uses.

Columns, by name: `timestamp` (with its zone), `icao24`, `latitude`, `longitude` [deg],
`altitude` [ft, barometric, so STD]; and where there are any `callsign`, `groundspeed` [kt]
and `onground`. Others are ignored. What a recording gets wrong is left out by the rules of
`track_cleaning` and counted.

Source: column names and units as in the `traffic` library (Olive, Journal of Open Source
Software 4 (2019) 1518).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from keepclear.errors import DataMissing, InvalidFile
from keepclear.formats.reading import Reading
from keepclear.formats.track_cleaning import clean
from keepclear.formats.track_columns import (
    COLUMNS_REMEDY,
    MOST_POSITIONS,
    NUMBERS,
    OPTIONAL,
    REQUIRED,
    SPLIT_REMEDY,
    ZONE_REMEDY,
    TrackColumns,
    require_columns,
    seconds_of,
    too_many_rows,
)
from keepclear.formats.track_rows import CleaningRule, TrackLoss, TrackReading, Trajectory

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = [
    "MOST_POSITIONS",
    "CleaningRule",
    "TrackLoss",
    "TrackReading",
    "Trajectory",
    "read_csv",
    "read_parquet",
    "read_trajectories",
]

_MOST_UNPACKED_BYTES = 2**30
_BATCH_ROWS = 65_536
_MEASURES = (*NUMBERS, "groundspeed")


def read_trajectories(data: bytes, reading: Reading) -> TrackReading:
    """Read a recording, Parquet or CSV as its first bytes tell.

    Raises:
        InvalidFile: as `read_parquet` and `read_csv` do.
        DataMissing: it is Parquet and the extra `tracks` is not installed.
    """
    return read_parquet(data, reading) if data[:4] == b"PAR1" else read_csv(data, reading)


def read_csv(
    data: bytes, reading: Reading, *, most_positions: int = MOST_POSITIONS
) -> TrackReading:
    """Read a recording from comma-separated text with a header line.

    An empty cell is a missing value. A cell that is no number or no time refuses the file;
    with `skip_invalid` it costs its row, which is counted.

    Raises:
        InvalidFile: not UTF-8, a column is missing, a time has no zone, a cell is no
            number, or there are too many rows or aircraft; the line is named.
    """
    reading.require_size(data)
    columns = TrackColumns(reading, most_positions)
    unreadable = 0
    rows: list[tuple[float, ...]] = []
    try:
        for cells, line in _lines(data, reading):
            try:
                rows.append(_values(cells, columns, line))
            except InvalidFile:
                if not reading.skip_invalid:
                    raise
                unreadable += 1
            if unreadable + len(rows) > most_positions:
                raise too_many_rows(reading, most_positions)
            if len(rows) == _BATCH_ROWS:
                columns.add(list(np.array(rows).T))
                rows = []
    except (UnicodeDecodeError, csv.Error) as error:
        raise reading.refuse(
            f"this is no comma-separated text in UTF-8 ({error})",
            remedy="Export the recording as CSV in UTF-8, or as Parquet.",
        ) from None
    if rows:
        columns.add(list(np.array(rows).T))
    return clean(columns.complete(), unreadable=unreadable)


def _lines(data: bytes, reading: Reading) -> Iterator[tuple[Mapping[Any, Any], str]]:
    """The cells of each line by column, and which line it is."""
    lines = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    require_columns(reading, lines.fieldnames or ())
    for cells in lines:
        yield cells, f"line {lines.line_num}"


def _values(cells: Mapping[Any, Any], columns: TrackColumns, line: str) -> tuple[float, ...]:
    """One row as numbers, in the order `TrackColumns.add` takes them."""
    reading = columns.reading
    if None in cells or None in cells.values():
        raise reading.refuse("the row has more or fewer cells than the header", feature=line)
    return (
        columns.aircraft_code(cells["icao24"]),
        columns.callsign_code(cells.get("callsign", "")),
        seconds_of(cells["timestamp"], reading, line),
        *(_number(cells.get(name, ""), name, reading, line) for name in _MEASURES),
        _is_true(cells.get("onground", ""), reading, line),
    )


def _number(text: str, name: str, reading: Reading, line: str) -> float:
    try:
        return float(text) if text.strip() else math.nan
    except ValueError:
        raise reading.refuse(
            f"{name} {text[:40]!r} is no number", feature=line, remedy=COLUMNS_REMEDY
        ) from None


def _is_true(text: str, reading: Reading, line: str) -> bool:
    word = text.strip().lower()
    if word not in ("", "0", "1", "false", "true"):
        raise reading.refuse(
            f"onground {text[:40]!r} is neither true nor false",
            feature=line,
            remedy="Write true or false, or leave the cell empty.",
        )
    return word in ("1", "true")


def read_parquet(
    data: bytes, reading: Reading, *, most_positions: int = MOST_POSITIONS
) -> TrackReading:
    """Read a recording from Parquet.

    Raises:
        DataMissing: the extra `tracks` is not installed; install it, or give CSV.
        InvalidFile: not Parquet, a column is missing or of the wrong type, times carry no
            zone, or there are too many rows or aircraft.
    """
    reading.require_size(data)
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise DataMissing(
            "reading Parquet needs pyarrow, which is not installed",
            remedy="Run pip install keepclear[tracks], or export the recording as CSV.",
        ) from None
    columns = TrackColumns(reading, most_positions)
    try:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            names = _require_table(file, columns)
            for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=names):
                columns.add(_arrays(batch, columns))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise reading.refuse(
            f"this is no sound Parquet file ({str(error)[:200]})",
            remedy="Export the recording anew.",
        ) from None
    return clean(columns.complete())


def _require_table(file: pq.ParquetFile, columns: TrackColumns) -> list[str]:
    """The columns to read, once their types and their size are known to be fit."""
    import pyarrow as pa

    reading, schema = columns.reading, file.schema_arrow
    require_columns(reading, schema.names)
    names = [name for name in (*REQUIRED, *OPTIONAL) if name in schema.names]
    for name in names:
        kind = schema.field(name).type
        if name == "timestamp" and pa.types.is_timestamp(kind) and kind.tz is None:
            raise reading.refuse("the timestamps have no zone", remedy=ZONE_REMEDY)
        if not _is_fit(name, kind):
            remedy = ZONE_REMEDY if name == "timestamp" else COLUMNS_REMEDY
            raise reading.refuse(f"the column {name} holds {kind}", remedy=remedy)
    if file.metadata.num_rows > columns.most_positions:
        raise too_many_rows(reading, columns.most_positions)
    if _unpacked_bytes(file.metadata, names) > _MOST_UNPACKED_BYTES:
        raise reading.refuse("it unpacks to more than 1 GiB", remedy=SPLIT_REMEDY)
    return names


def _is_fit(name: str, kind: pa.DataType) -> bool:
    """Tell whether a column of that type can be read."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    is_text = types.is_string(kind) or types.is_large_string(kind)
    match name:
        case "timestamp":
            return bool(is_text or types.is_timestamp(kind))
        case "icao24" | "callsign":
            return bool(is_text)
        case "onground":
            return bool(types.is_boolean(kind))
        case _:
            return bool(types.is_floating(kind) or types.is_integer(kind))


def _unpacked_bytes(metadata: pq.FileMetaData, names: Sequence[str]) -> int:
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    chunks = [group.column(index) for group in groups for index in range(group.num_columns)]
    return sum(chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema in names)


def _arrays(batch: pa.RecordBatch, columns: TrackColumns) -> list[NDArray[Any]]:
    """A batch as arrays, in the order `TrackColumns.add` takes them."""
    given = dict(zip(batch.schema.names, batch.columns, strict=True))
    nothing = np.full(batch.num_rows, np.nan)
    callsigns, ground = given.get("callsign"), given.get("onground")
    return [
        _codes(given["icao24"], columns.aircraft_code),
        np.zeros_like(nothing) if callsigns is None else _codes(callsigns, columns.callsign_code),
        _seconds(given["timestamp"], columns.reading),
        *(_numbers(given[name]) if name in given else nothing for name in _MEASURES),
        np.zeros_like(nothing) if ground is None else _numbers(ground) == 1.0,
    ]


def _codes(column: pa.Array, code_of: Callable[[str], int]) -> NDArray[Any]:
    """The code of each text of a column; a missing one counts as empty."""
    import pyarrow as pa

    encoded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    texts = [text or "" for text in encoded.dictionary.to_pylist()]
    codes = np.array([*map(code_of, texts), code_of("")], dtype=np.intp)
    index = encoded.indices.cast(pa.int64()).fill_null(len(texts))
    return np.asarray(codes[index.to_numpy(zero_copy_only=False)])


def _seconds(column: pa.Array, reading: Reading) -> NDArray[np.float64]:
    """A column of times as seconds since 1970-01-01 UTC, NaN where missing."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        kind = pa.timestamp("us", tz=column.type.tz)
        return _numbers(column.cast(kind, safe=False).cast(pa.int64())) / 1e6
    texts = (text or "" for text in column.to_pylist())
    return np.array([seconds_of(text, reading, "timestamp") for text in texts])


def _numbers(column: pa.Array) -> NDArray[np.float64]:
    """A column as float64, NaN where missing."""
    import pyarrow as pa

    numbers = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.asarray(numbers, dtype=np.float64)
