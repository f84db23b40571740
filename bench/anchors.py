"""What users have today, on the same workload in the same run: shapely, and SQLite's R*Tree.

Both work in the plane in which the workload was made, where their answers are exact; they
serve as the truth about meeting as well as the anchor for speed.
"""

from __future__ import annotations

import sqlite3

import numpy as np
import shapely
from numpy.typing import NDArray

from bench.workload import Workload

Shapes = NDArray[np.object_]


def shapes_of(workload: Workload) -> Shapes:
    """The footprints as shapely polygons, in order."""
    ring = np.repeat(np.arange(len(workload.operation)), np.diff(workload.ring_first))
    closed = np.insert(
        workload.rings, workload.ring_first[1:], workload.rings[workload.ring_first[:-1]], axis=0
    )
    rings = np.insert(ring, workload.ring_first[1:], np.arange(len(workload.operation)))
    return np.asarray(shapely.polygons(shapely.linearrings(closed, indices=rings)))


class PlaneTree:
    """shapely's STRtree over footprints; heights and times are filtered afterwards."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        self.shapes = shapes_of(workload)
        self._tree = shapely.STRtree(self.shapes)

    def meeting(self, other: Workload, shapes: Shapes, plan: int) -> set[int]:
        """Operations that meet a plan of another workload: closed sets in all dimensions."""
        begin, end = int(other.first[plan]), int(other.first[plan + 1])
        ours, theirs = self._tree.query(shapes[begin:end], predicate="intersects")
        v, w = ours + begin, theirs
        mine = self.workload
        live = (other.start_s[v] <= mine.end_s[w]) & (mine.start_s[w] <= other.end_s[v])
        level = (other.low_m[v] <= mine.high_m[w]) & (mine.low_m[w] <= other.high_m[v])
        return set(mine.operation[w[live & level]].tolist())

    def least_m(self, other: Workload, shapes: Shapes, plan: int, row: int) -> float:
        """How far apart, in the plane, the volumes are that share time and height."""
        mine = self.workload
        begin, end = int(mine.first[row]), int(mine.first[row + 1])
        w = np.arange(begin, end)
        least = np.inf
        for v in range(int(other.first[plan]), int(other.first[plan + 1])):
            live = (other.start_s[v] <= mine.end_s[w]) & (mine.start_s[w] <= other.end_s[v])
            level = (other.low_m[v] <= mine.high_m[w]) & (mine.low_m[w] <= other.high_m[v])
            near = shapely.distance(shapes[v], self.shapes[begin:end][live & level])
            least = min(least, float(near.min(initial=np.inf)))
        return least


class SqliteTree:
    """SQLite's R*Tree in x, y, height and time, in memory, with shapely for the last word."""

    def __init__(self, workload: Workload, shapes: Shapes) -> None:
        self.workload, self.shapes = workload, shapes
        self._db = sqlite3.connect(":memory:")
        self._db.execute("create virtual table b using rtree(id,x0,x1,y0,y1,z0,z1,t0,t1)")
        bounds = shapely.bounds(shapes)
        columns = (bounds[:, 0], bounds[:, 2], bounds[:, 1], bounds[:, 3])
        more = (workload.low_m, workload.high_m, workload.start_s, workload.end_s)
        table = np.stack([*columns, *more], 1).tolist()
        rows = ((number, *row) for number, row in enumerate(table))
        self._db.executemany("insert into b values (?,?,?,?,?,?,?,?,?)", rows)

    def meeting(self, other: Workload, shapes: Shapes, plan: int) -> set[int]:
        """Operations that meet a plan of another workload."""
        found: set[int] = set()
        for v in range(int(other.first[plan]), int(other.first[plan + 1])):
            x0, y0, x1, y1 = shapely.bounds(shapes[v]).tolist()
            box = (x1, x0, y1, y0, other.high_m[v], other.low_m[v], other.end_s[v])
            rows = self._db.execute(
                "select id from b where x0<=? and x1>=? and y0<=? and y1>=?"
                " and z0<=? and z1>=? and t0<=? and t1>=?",
                (*box, other.start_s[v]),
            ).fetchall()
            near = np.array([row[0] for row in rows], np.int64)
            hit = near[shapely.intersects(shapes[v], self.shapes[near])] if len(near) else near
            found.update(self.workload.operation[hit].tolist())
        return found
