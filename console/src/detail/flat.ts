// Positions as flat metres around a centre, for the plan picture (azimuthal equidistant).

import type { Footprint, Position } from '../api/types';
import { outline } from '../map/outline';
import { bearing_deg, destination, distance_m } from '../map/sphere';

export type Point = readonly [number, number];

/** The middle of two positions. */
export function middleOf(a: Position, b: Position): Position {
  return destination(a, bearing_deg(a, b), distance_m(a, b) / 2);
}

/** East and north of a centre, in metres. */
export function flat(centre: Position, position: Position): Point {
  const away_m = distance_m(centre, position);
  if (away_m < 0.01) return [0, 0];
  const turn = (bearing_deg(centre, position) * Math.PI) / 180;
  return [away_m * Math.sin(turn), away_m * Math.cos(turn)];
}

/** An SVG path of a footprint; `place` turns flat metres into units of the picture. */
export function pathOf(footprint: Footprint, centre: Position, place: (point: Point) => Point): string {
  return outline(footprint)
    .map((ring) => {
      const points = ring.map((position) => place(flat(centre, position)));
      return `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
    })
    .join('');
}

/** The wider side of the box around a footprint, in metres. */
export function reach_m(footprint: Footprint, centre: Position): number {
  const points = outline(footprint).flat().map((position) => flat(centre, position));
  const side = (k: 0 | 1) => Math.max(...points.map((p) => p[k])) - Math.min(...points.map((p) => p[k]));
  return Math.max(side(0), side(1));
}

/** A round length near this one: 1, 2 or 5 times a power of ten. */
export function roundLength(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length));
  const first = length / power;
  return (first >= 5 ? 5 : first >= 2 ? 2 : 1) * power;
}
