import { expect, test } from 'vitest';
import type { Suggestion, Volume } from '../api/types';
import { distance_m } from '../map/sphere';
import { changed } from './changed';

const volume: Volume = {
  footprint: { kind: 'circle', centre: { latitude_deg: 35, longitude_deg: 36 }, radius_m: 1000 },
  lower: { value_m: 1000, reference: 'QNH', datum_m: null },
  upper: { value_m: 2000, reference: 'QNH', datum_m: null },
  start: '2026-03-14T06:00:00Z',
  end: '2026-03-14T07:00:00.500Z',
  source_text: '',
};
const nothing: Suggestion = { kind: 'time', found: true, time_s: 0, vertical_m: 0, lateral_m: 0, bearing_deg: 0 };

test('a change of time moves both ends and nothing else', () => {
  const [moved] = changed([volume], { ...nothing, time_s: -2460 });
  expect(moved).toEqual({ ...volume, start: '2026-03-14T05:19:00Z', end: '2026-03-14T06:19:00.500Z' });
});

test('a change of height moves both bounds by the same', () => {
  const [moved] = changed([volume], { ...nothing, kind: 'altitude', vertical_m: 305 });
  expect([moved?.lower.value_m, moved?.upper.value_m]).toEqual([1305, 2305]);
});

test('a change sideways moves every position by so much', () => {
  const [moved] = changed([volume], { ...nothing, kind: 'lateral', lateral_m: 5556, bearing_deg: 90 });
  const centre = moved?.footprint.kind === 'circle' ? moved.footprint.centre : null;
  expect(distance_m({ latitude_deg: 35, longitude_deg: 36 }, centre!)).toBeCloseTo(5556, 2);
});
