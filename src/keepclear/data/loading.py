"""Read the data files that ship with keepclear: geoid, outlines, places, airfields.

Importing this module reads nothing and needs no numpy; each loader reads its file once.
"""

from __future__ import annotations

import functools
import gzip
import importlib.resources
import io
from typing import TYPE_CHECKING, Any

from keepclear.errors import DataMissing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from keepclear.data.airfields import KnownAirfield
    from keepclear.data.gazetteer import CityGazetteer
    from keepclear.geometry.geoid import GeoidGrid
    from keepclear.model.phrase import PhraseTable

GEOID_FILE = "egm96-15.npz"
OUTLINES_FILE = "outlines-50m.npz"
CITIES_FILE = "cities.tsv.gz"
AIRFIELDS_FILE = "airfields.tsv.gz"
PHRASES_FILE = "phrases.toml"


@functools.cache
def load_geoid() -> GeoidGrid:
    """Load the EGM96 geoid on its 15-minute grid.

    Raises:
        DataMissing: the file is not there, or is damaged.
    """
    import numpy as np

    from keepclear.geometry.geoid import GeoidGrid

    steps_cm = _read_arrays(GEOID_FILE, ("row_steps_cm",))["row_steps_cm"]
    height_m = np.cumsum(steps_cm, axis=1, dtype=np.int16).astype(np.float32) / np.float32(100.0)
    return GeoidGrid(height_m)


def load_land() -> tuple[NDArray[np.float64], ...]:
    """Load the outlines of the land, for maps.

    Returns:
        Closed rings, each of shape (N, 2): latitude and longitude in degrees. Lakes are
        rings inside rings (fill by the even-odd rule). At the 180th meridian some rings
        are cut, the cut being part of the ring, and some jump across: take the short
        way in longitude. Good to about 400 m, so never for a check.

    Raises:
        DataMissing: the file is not there, or is damaged.
    """
    return _load_outlines("land")


def load_borders() -> tuple[NDArray[np.float64], ...]:
    """Load the lines that two countries share, as Natural Earth draws them, for maps.

    Drawing a line takes no position on it.

    Returns:
        Open lines, each of shape (N, 2): latitude and longitude in degrees.

    Raises:
        DataMissing: the file is not there, or is damaged.
    """
    return _load_outlines("border")


@functools.cache
def load_gazetteer() -> CityGazetteer:
    """Load the places that say a position in words.

    Raises:
        DataMissing: the file is not there, or is damaged.
    """
    import numpy as np

    from keepclear.data.gazetteer import CityGazetteer

    names, countries, latitudes, longitudes, populations = _read_columns(CITIES_FILE, 5)
    return CityGazetteer(
        names,
        countries,
        # Python reads numbers out of text much faster than numpy does.
        np.array([float(text) for text in latitudes]),
        np.array([float(text) for text in longitudes]),
        np.array([int(text) for text in populations], np.int64),
    )


@functools.cache
def load_airfields() -> tuple[KnownAirfield, ...]:
    """Load the world's airfields that have an ICAO location indicator, in its order.

    Raises:
        DataMissing: the file is not there, or is damaged.
    """
    from keepclear.data.airfields import KnownAirfield
    from keepclear.model.volume import Position

    return tuple(
        KnownAirfield(icao, name, Position(float(latitude), float(longitude)), float(elevation))
        for icao, name, latitude, longitude, elevation in zip(
            *_read_columns(AIRFIELDS_FILE, 5), strict=True
        )
    )


@functools.cache
def _load_outlines(kind: str) -> tuple[NDArray[np.float64], ...]:
    import numpy as np

    names = ("scale_deg", "origin_deg", f"{kind}_steps", f"{kind}_lengths")
    scale_deg, origin_deg, steps, lengths = _read_arrays(OUTLINES_FILE, names).values()
    degrees = np.cumsum(steps, axis=0, dtype=np.int64) * scale_deg + origin_deg
    degrees.flags.writeable = False
    return tuple(np.split(degrees, np.cumsum(lengths)[:-1]))


def _read_arrays(file: str, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    import zipfile

    import numpy as np

    try:
        with np.load(io.BytesIO(_read(file)), allow_pickle=False) as archive:
            return {name: archive[name] for name in names}
    except (KeyError, ValueError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise _damaged(file) from error


def _read_columns(file: str, count: int) -> tuple[list[str], ...]:
    """Split a tab-separated file into its columns."""
    try:
        text = gzip.decompress(_read(file)).decode()
    except (OSError, EOFError, ValueError) as error:
        raise _damaged(file) from error
    cells = text.rstrip("\n").replace("\n", "\t").split("\t")
    if len(cells) % count:
        raise _damaged(file)
    return tuple(cells[column::count] for column in range(count))


def _read(file: str) -> bytes:
    try:
        return importlib.resources.files("keepclear.data").joinpath(file).read_bytes()
    except FileNotFoundError as error:
        raise DataMissing(f"the data file {file} is not there") from error


def _damaged(file: str) -> DataMissing:
    return DataMissing(f"the data file {file} is damaged")


@functools.cache
def load_phrases() -> PhraseTable:
    """Load the fixed phrases of calls, in two languages.

    Raises:
        DataMissing: the file is not there, or is damaged.
    """
    from keepclear.errors import InvalidInput
    from keepclear.formats.phrase_table import phrase_table_of

    try:
        return phrase_table_of(_read(PHRASES_FILE))
    except InvalidInput as error:
        raise DataMissing(f"the data file {PHRASES_FILE} is damaged: {error.message}") from None
