import { expect, test } from 'vitest';
import type { Coverage, PartyData } from '../api/types';
import { percent, ticks, unknownSpans } from './scale';

const hour = 3_600_000;
const span = { start_ms: 0, end_ms: 10 * hour };
const data: PartyData = { party: 'AMBER', as_of: '1970-01-01T00:00:00Z', age_s: 0, completeness: 'complete', notices: 1, fresh: true, reasons: [] };
const coverage = (from: number, to: number) =>
  ({ party: 'AMBER', start: new Date(from * hour).toISOString(), end: new Date(to * hour).toISOString() }) as Coverage;

test('moments stand where their time is, and on the edge outside', () => {
  expect(percent(5 * hour, span)).toBe(50);
  expect(percent(-hour, span)).toBe(0);
  expect(percent(99 * hour, span)).toBe(100);
});

test('there are never more labels than fit', () => {
  for (const most of [2, 5, 12]) expect(ticks(span, most).length).toBeLessThanOrEqual(most + 1);
});

test('what no fresh statement reaches is unknown', () => {
  expect(unknownSpans([data], [coverage(1, 4), coverage(3, 6)], 'BLUE', span)).toEqual([
    { start_ms: 0, end_ms: hour, parties: ['AMBER'] },
    { start_ms: 6 * hour, end_ms: 10 * hour, parties: ['AMBER'] },
  ]);
  expect(unknownSpans([data], [coverage(-1, 20)], 'BLUE', span)).toEqual([]);
});

test('a stale statement reaches nothing, and our own party needs none', () => {
  expect(unknownSpans([{ ...data, fresh: false }], [coverage(-1, 20)], 'BLUE', span)).toEqual([{ ...span, parties: ['AMBER'] }]);
  expect(unknownSpans([{ ...data, party: 'BLUE' }], [], 'BLUE', span)).toEqual([]);
});
