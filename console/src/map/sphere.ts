// Points on a sphere, for pictures only: no rule is ever judged by them.

import type { Position } from '../api/types';

export const EARTH_RADIUS_M = 6_371_008.8;
const RAD = Math.PI / 180;

/** Where one comes to from a position, in a direction, after a distance along a great circle. */
export function destination(from: Position, bearing_deg: number, distance_m: number): Position {
  const [lat, lon] = [from.latitude_deg * RAD, from.longitude_deg * RAD];
  const [turn, arc] = [bearing_deg * RAD, distance_m / EARTH_RADIUS_M];
  const sinLat = Math.sin(lat) * Math.cos(arc) + Math.cos(lat) * Math.sin(arc) * Math.cos(turn);
  const east = Math.sin(turn) * Math.sin(arc) * Math.cos(lat);
  const newLon = lon + Math.atan2(east, Math.cos(arc) - Math.sin(lat) * sinLat);
  return { latitude_deg: Math.asin(clamped(sinLat)) / RAD, longitude_deg: wrapped(newLon / RAD) };
}

/** The distance between two positions. */
export function distance_m(a: Position, b: Position): number {
  const [lat1, lat2] = [a.latitude_deg * RAD, b.latitude_deg * RAD];
  const turn = (b.longitude_deg - a.longitude_deg) * RAD;
  const half = Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(turn / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** The direction in which the great circle from a to b sets out, 0 .. 360. */
export function bearing_deg(a: Position, b: Position): number {
  const [lat1, lat2] = [a.latitude_deg * RAD, b.latitude_deg * RAD];
  const turn = (b.longitude_deg - a.longitude_deg) * RAD;
  const east = Math.sin(turn) * Math.cos(lat2);
  const north = Math.cos(lat1) * Math.sin(lat2) - Math.sin(lat1) * Math.cos(lat2) * Math.cos(turn);
  return (Math.atan2(east, north) / RAD + 360) % 360;
}

/** The line with points added so that long edges bend as great circles do; at most 100 km apart. */
export function alongGreatCircles(line: Position[], isClosed: boolean): Position[] {
  const points: Position[] = [];
  const edges = isClosed ? line.length : line.length - 1;
  for (let i = 0; i < edges; i += 1) {
    const [from, to] = [line[i]!, line[(i + 1) % line.length]!];
    const length_m = distance_m(from, to);
    const steps = Math.max(1, Math.ceil(length_m / 100_000));
    const bearing = bearing_deg(from, to);
    points.push(from);
    for (let k = 1; k < steps; k += 1) points.push(destination(from, bearing, (length_m * k) / steps));
  }
  if (!isClosed && line.length) points.push(line.at(-1)!);
  return points;
}

const clamped = (value: number) => Math.max(-1, Math.min(1, value));
const wrapped = (longitude_deg: number) => ((((longitude_deg + 180) % 360) + 360) % 360) - 180;
