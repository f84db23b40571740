// What the node knows as features of the map, at a moment or at all times.

import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { LearntRecord } from '../api/f3548_types';
import type { Airfield, Answer, Boundary, Footprint, Operation, Position, Zone } from '../api/types';
import { isLiveAt } from '../lists/filters';
import { plain, TONES, type Tone } from '../words/answers';
import { sortWords } from '../words/f3548';
import { outline, positionsOf } from './outline';
import { alongGreatCircles } from './sphere';

export interface Bounds { west: number; south: number; east: number; north: number }

const PATTERNS = 3;
const WEIGHT: Record<Tone, number> = { conflict: 2, doubt: 1, none: 0 };

export const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features });

const feature = (geometry: Geometry, properties: Record<string, unknown>): Feature => ({ type: 'Feature', geometry, properties });

/** Pairs of longitude and latitude whose longitudes run on past ±180°. */
function run(positions: Position[]): [number, number][] {
  let last: number | undefined;
  return positions.map(({ latitude_deg, longitude_deg }) => {
    const near = last === undefined ? longitude_deg : longitude_deg + 360 * Math.round((last - longitude_deg) / 360);
    last = near;
    return [near, latitude_deg];
  });
}

const closed = (positions: Position[]) => run([...positions, ...positions.slice(0, 1)]);
const area = (footprint: Footprint): Geometry => ({ type: 'Polygon', coordinates: outline(footprint).map(closed) });
const line = (positions: Position[]): Geometry => ({ type: 'LineString', coordinates: run(alongGreatCircles(positions, false)) });
const point = (position: Position): Geometry => ({ type: 'Point', coordinates: run([position])[0]! });

/** Each party's line pattern: 0 for our own, the others by name in turn. */
export function patternsOf(operations: Iterable<Operation>, own: string): Map<string, number> {
  const others = [...new Set([...operations].map((one) => one.party))].filter((party) => party !== own).sort();
  return new Map([[own, 0], ...others.map((party, i): [string, number] => [party, 1 + (i % PATTERNS)])]);
}

/** The worst tone of every operation that an answer names. */
export function tonesOf(answers: Answer[]): Map<string, Tone> {
  const tones = new Map<string, Tone>();
  const worsen = (id: string, tone: Tone) => {
    if (WEIGHT[tone] >= WEIGHT[tones.get(id) ?? 'none']) tones.set(id, tone);
  };
  for (const answer of answers) {
    worsen(answer.operation.id, TONES[answer.overall]);
    for (const conflict of answer.conflicts) worsen(conflict.theirs.id, TONES[conflict.verdict]);
  }
  return tones;
}

export function operationFeatures(operations: Iterable<Operation>, own: string, answers: Answer[], at_ms: number | null) {
  const all = [...operations];
  const [patterns, tones] = [patternsOf(all, own), tonesOf(answers)];
  const shapes: Feature[] = [];
  const labels: Feature[] = [];
  for (const operation of all) {
    const live = operation.volumes.filter((volume) => isLiveAt(volume, at_ms, operation.tolerance_s));
    const tone = tones.get(operation.id) ?? 'none';
    const properties = {
      kind: 'operation',
      id: operation.id,
      isOwn: operation.party === own,
      pattern: patterns.get(operation.party) ?? 1,
      tone,
    };
    for (const volume of live) shapes.push(feature(area(volume.footprint), properties));
    if (live[0]) {
      const text = `${plain(operation.designator, 24)} ${plain(operation.party, 12)}`;
      labels.push(feature(point(middle(live[0].footprint)), { ...properties, text, rank: 2 - WEIGHT[tone] }));
    }
  }
  return { shapes: collection(shapes), labels: collection(labels) };
}

/** A mark for each pair in conflict or doubt, and for each infringement, where it is. */
export function markFeatures(answers: Answer[], at_ms: number | null): FeatureCollection {
  const marks = new Map<string, Feature>();
  for (const answer of answers) {
    const id = answer.operation.id;
    for (const one of answer.conflicts) {
      if (!isLiveAt(one.span, at_ms) || marks.has(one.id)) continue;
      const tone = TONES[one.verdict];
      marks.set(one.id, feature(point(one.our_closest), { kind: 'operation', id, conflict_id: one.id, icon: tone, rank: 2 - WEIGHT[tone] }));
    }
    for (const one of answer.infringements) {
      const key = `${id} ${one.airspace_id} ${one.volume}`;
      if (!isLiveAt(one.span, at_ms)) continue;
      const tone = TONES[one.verdict];
      marks.set(key, feature(point(one.place), { kind: 'operation', id, icon: `square-${tone}`, rank: 3 - WEIGHT[tone] }));
    }
  }
  return collection([...marks.values()]);
}

export function airspaceFeatures(zones: Zone[], boundaries: Boundary[], airfields: Airfield[], at_ms: number | null): FeatureCollection {
  const binds = (windows: { start: string; end: string }[]) => !windows.length || windows.some((one) => isLiveAt(one, at_ms));
  const named = (kind: string, one: { id: string; name: string }) => ({ kind, id: one.id, text: plain(one.name || one.id, 40) });
  return collection([
    ...zones.filter((one) => binds(one.windows)).map((one) => feature(area(one.footprint), { ...named('zone', one), look: 'zone' })),
    ...boundaries.map((one) => feature(line(one.line), { ...named('boundary', one), look: 'boundary' })),
    ...airfields.filter((one) => binds(one.windows)).flatMap((one) => [
      feature(area({ kind: 'circle', centre: one.position, radius_m: one.ring_radius_m }), { ...named('airfield', one), look: 'ring' }),
      ...one.corridors.map((way) => feature(area(way.corridor), { ...named('airfield', one), look: 'ring', text: '' })),
    ]),
  ]);
}

/** What other USSs publish: outlined and named, and neither an operation nor a zone. */
export function learntFeatures(learnt: LearntRecord[], at_ms: number | null): FeatureCollection {
  return collection(
    learnt.flatMap((one) => {
      const live = one.volumes.filter((volume) => isLiveAt(volume, at_ms));
      const properties = { kind: one.sort, id: one.id };
      const shapes = live.map((volume) => feature(area(volume.footprint), properties));
      const text = `${plain(one.manager, 24)} ${sortWords(one)}`;
      return live[0] ? [...shapes, feature(point(middle(live[0].footprint)), { ...properties, text })] : [];
    }),
  );
}

export const areaFeatures = (areas: (Footprint | null)[]) =>
  collection(areas.filter((one) => one !== null).map((one) => feature(area(one), {})));

/** What is being drawn or typed, as far as it goes. */
export function sketchFeatures(shapes: Footprint[], points: Position[], isPolygon: boolean): FeatureCollection {
  const whole = shapes.filter((shape) => (shape.kind === 'polygon' ? (shape.rings[0]?.length ?? 0) > 2 : true));
  const features = whole.map((shape) => feature(area(shape), {}));
  const path = isPolygon && points.length > 2 ? [...points, points[0]!] : points;
  if (path.length > 1) features.push(feature(line(path), {}));
  return collection([...features, ...points.map((one) => feature(point(one), {}))]);
}

function middle(footprint: Footprint): Position {
  const positions = positionsOf(footprint);
  if (footprint.kind === 'corridor') return positions[Math.floor((positions.length - 1) / 2)] ?? positions[0]!;
  const pairs = run(footprint.kind === 'polygon' ? (footprint.rings[0] ?? []) : positions);
  const mean = (k: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[k], 0) / Math.max(1, pairs.length);
  return { latitude_deg: mean(1), longitude_deg: mean(0) };
}

/** The box around footprints; null around nothing. */
export function boundsOf(footprints: Footprint[]): Bounds | null {
  const pairs = footprints.flatMap((one) => run(outline(one).flat()));
  if (!pairs.length) return null;
  const [lons, lats] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  return { west: least(lons), south: least(lats), east: most(lons), north: most(lats) };
}

