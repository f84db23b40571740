"""Where a volume stands on a curve that keeps neighbours in space and time together.

Positions are unfolded onto a square (octahedral map), so the curve has no seam that could
lose a volume: a seam costs speed, never an answer.

Source: Skilling, "Programming the Hilbert curve", AIP Conference Proceedings 707 (2004);
octahedral map: Cigolle et al., "A Survey of Efficient Representations for Independent Unit
Vectors", JCGT 3 (2014).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import FloatArray

_BITS = 15
_MOST = (1 << _BITS) - 1


@kernel
def hilbert_key(x: np.uint64, y: np.uint64, z: np.uint64, t: np.uint64) -> np.uint64:
    """The place of a cell on the 4-D Hilbert curve; coordinates 0 .. 32767."""
    axes = np.empty(4, np.uint64)
    axes[0], axes[1], axes[2], axes[3] = x, y, z, t
    one, zero = np.uint64(1), np.uint64(0)
    top = one << np.uint64(_BITS - 1)
    q = top
    while q > one:
        p = q - one
        for i in range(4):
            if axes[i] & q:
                axes[0] ^= p
            else:
                swap = (axes[0] ^ axes[i]) & p
                axes[0] ^= swap
                axes[i] ^= swap
        q >>= one
    for i in range(1, 4):
        axes[i] ^= axes[i - 1]
    flip = zero
    q = top
    while q > one:
        if axes[3] & q:
            flip ^= q - one
        q >>= one
    key = zero
    for bit in range(_BITS - 1, -1, -1):
        for i in range(4):
            key = (key << one) | (((axes[i] ^ flip) >> np.uint64(bit)) & one)
    return key


@kernel
def _unfold(x: float, y: float, z: float) -> tuple[float, float]:
    total = abs(x) + abs(y) + abs(z)
    u, v = x / total, y / total
    if z < 0.0:
        u, v = (
            (1.0 - abs(v)) * (1.0 if u >= 0.0 else -1.0),
            (1.0 - abs(u)) * (1.0 if v >= 0.0 else -1.0),
        )
    return u, v


@kernel
def _cell(value: float, low: float, unit: float) -> np.uint64:
    return np.uint64(min(max((value - low) / unit, 0.0), float(_MOST)))


@kernel
def curve_keys(boxes: NDArray[np.float32], keys: NDArray[np.uint64]) -> None:
    """Write a sort key for each box: size class, then the place of its middle on the curve.

    Small, middling and long volumes are kept in separate stretches, each with its own
    exchange rate between metres along, metres up and seconds: a long corridor among small
    circles would stretch every group it is in.

    Args:
        boxes: shape (V, 10), as `boxes.py` lays them out.
        keys: shape (V,), written.
    """
    n = len(boxes)
    square: FloatArray = np.empty((n, 2))
    radius = 6.4e6
    for i in range(n):
        square[i] = _unfold(
            float(boxes[i, 0]) + float(boxes[i, 5]) + 1e-9,
            float(boxes[i, 1]) + float(boxes[i, 6]),
            float(boxes[i, 2]) + float(boxes[i, 7]),
        )
    low_u, low_v = square[:, 0].min(), square[:, 1].min()
    extent = max(square[:, 0].max() - low_u, square[:, 1].max() - low_v, 1e-6)
    cell = extent / _MOST
    cell_m = cell * radius
    for i in range(n):
        along = max(boxes[i, 5] - boxes[i, 0], boxes[i, 6] - boxes[i, 1], boxes[i, 7] - boxes[i, 2])
        if along < 1_500.0:
            group, size_m, up_m, span_s = 0, 500.0, 400.0, 900.0
        elif along < 6_000.0:
            group, size_m, up_m, span_s = 1, 3_000.0, 400.0, 1_800.0
        else:
            group, size_m, up_m, span_s = 2, 40_000.0, 300.0, 1_800.0
        low_h, high_h = float(boxes[i, 3]), float(boxes[i, 8])
        height = 0.5 * (low_h + high_h) if high_h - low_h < 1e9 else 0.0
        middle_s = 0.5 * (float(boxes[i, 4]) + float(boxes[i, 9]))
        key = hilbert_key(
            _cell(square[i, 0], low_u, cell),
            _cell(square[i, 1], low_v, cell),
            _cell(height / up_m * size_m, 0.0, cell_m),
            _cell(middle_s / span_s * size_m, 0.0, cell_m),
        )
        keys[i] = (np.uint64(group) << np.uint64(60)) | key
