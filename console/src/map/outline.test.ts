import { describe, expect, test } from 'vitest';
import type { Position } from '../api/types';
import { outline } from './outline';
import { alongGreatCircles, bearing_deg, destination, distance_m } from './sphere';

const at = (latitude_deg: number, longitude_deg: number): Position => ({ latitude_deg, longitude_deg });

describe('the sphere', () => {
  test('gives back what was asked of it', () => {
    const from = at(35, 36);
    for (const bearing of [0, 45, 133, 359]) {
      const to = destination(from, bearing, 50_000);
      expect(distance_m(from, to)).toBeCloseTo(50_000, 2);
      expect(bearing_deg(from, to)).toBeCloseTo(bearing, 4);
    }
  });

  test('knows no edge at the antimeridian', () => {
    const to = destination(at(0, 179.9), 90, 50_000);
    expect(to.longitude_deg).toBeLessThan(-179);
    expect(distance_m(at(0, 179.9), to)).toBeCloseTo(50_000, 2);
  });

  test('long edges bend towards the pole', () => {
    const line = alongGreatCircles([at(50, 0), at(50, 60)], false);
    expect(Math.max(...line.map((one) => one.latitude_deg))).toBeGreaterThan(53);
  });
});

describe('outlines', () => {
  test('every point of a circle lies on its rim', () => {
    const centre = at(35, 36);
    for (const point of outline({ kind: 'circle', centre, radius_m: 9260 })[0]!) {
      expect(distance_m(centre, point)).toBeCloseTo(9260, 2);
    }
  });

  test.each([[[at(35, 36), at(35.5, 36), at(35.5, 36.5)]], [[at(35, 36), at(35.5, 36), at(35.1, 36.3)]], [[at(35, 36), at(35.4, 36.5)]]])(
    'no point of a corridor lies farther from its line than half its width',
    (centreline) => {
      const half_width_m = 3704;
      const dense = centreline.slice(1).flatMap((to, i) => {
        const from = centreline[i]!;
        const length_m = distance_m(from, to);
        return Array.from({ length: 400 }, (_, k) => destination(from, bearing_deg(from, to), (length_m * k) / 399));
      });
      for (const point of outline({ kind: 'corridor', centreline, half_width_m })[0]!) {
        const nearest_m = Math.min(...dense.map((one) => distance_m(one, point)));
        expect(nearest_m).toBeLessThan(half_width_m * 1.12);
      }
    },
  );
});
