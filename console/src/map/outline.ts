// Footprints as outlines for pictures: circles and corridors get enough points to look round.

import type { Footprint, Position } from '../api/types';
import { alongGreatCircles, bearing_deg, destination, distance_m } from './sphere';

const CIRCLE_STEPS = 72;
const CAP_STEP_DEG = 15;

/** The rings of a footprint: the outer one, then holes; open. */
export function outline(footprint: Footprint): Position[][] {
  switch (footprint.kind) {
    case 'circle':
      return [circle(footprint.centre, footprint.radius_m)];
    case 'polygon':
      return footprint.rings.map((ring) => alongGreatCircles(ring, true));
    case 'corridor':
      return [corridor(footprint.centreline, footprint.half_width_m)];
  }
}

/** The positions that define a footprint, in order. */
export function positionsOf(footprint: Footprint): Position[] {
  if (footprint.kind === 'circle') return [footprint.centre];
  return footprint.kind === 'corridor' ? footprint.centreline : footprint.rings.flat();
}

function circle(centre: Position, radius_m: number): Position[] {
  return Array.from({ length: CIRCLE_STEPS }, (_, i) =>
    destination(centre, (360 * i) / CIRCLE_STEPS, radius_m),
  );
}

/** Down the right side, round the end, back up the other side, round the start. */
function corridor(centreline: Position[], half_m: number): Position[] {
  const line = withoutRepeats(centreline);
  if (line.length < 2) return line.length ? circle(line[0]!, half_m) : [];
  return [...side(line, half_m), ...side([...line].reverse(), half_m)];
}

function side(line: Position[], half_m: number): Position[] {
  const points: Position[] = [];
  for (let i = 0; i + 1 < line.length; i += 1) {
    const [from, to] = [line[i]!, line[i + 1]!];
    points.push(destination(from, bearing_deg(from, to) + 90, half_m));
    const arrived_deg = bearing_deg(to, from) + 180;
    const next = line[i + 2];
    const turn = next ? signed(bearing_deg(to, next) - arrived_deg) : -180;
    points.push(...(turn < 0 ? arc(to, arrived_deg + 90, turn, half_m) : inner(from, to, next!, half_m)));
  }
  return points;
}

/** Round the outside of a bend, or the end of the line: from one heading to the next. */
function arc(centre: Position, from_deg: number, turn_deg: number, half_m: number): Position[] {
  const steps = Math.max(1, Math.ceil(Math.abs(turn_deg) / CAP_STEP_DEG));
  return Array.from({ length: steps + 1 }, (_, k) =>
    destination(centre, from_deg + (turn_deg * k) / steps, half_m),
  );
}

/** The inside of a bend, where both edges cross; where the legs are too short, their ends. */
function inner(from: Position, at: Position, next: Position, half_m: number): Position[] {
  const arrived_deg = bearing_deg(at, from) + 180;
  const leaves_deg = bearing_deg(at, next);
  const half = ((signed(leaves_deg - arrived_deg) / 2) * Math.PI) / 180;
  const reach_m = half_m * Math.abs(Math.tan(half));
  if (reach_m < Math.min(distance_m(from, at), distance_m(at, next))) {
    const towards = arrived_deg + 90 + signed(leaves_deg - arrived_deg) / 2;
    return [destination(at, towards, half_m / Math.cos(half))];
  }
  return [destination(at, arrived_deg + 90, half_m), at, destination(at, leaves_deg + 90, half_m)];
}

const signed = (angle_deg: number) => ((((angle_deg + 180) % 360) + 360) % 360) - 180;

function withoutRepeats(line: Position[]): Position[] {
  return line.filter((p, i) => {
    const before = line[i - 1];
    return !before || before.latitude_deg !== p.latitude_deg || before.longitude_deg !== p.longitude_deg;
  });
}
