import { expect, test } from 'vitest';
import type { ContactRecord } from '../api/line_types';
import { laidOut } from './history';

const contact = (source: string, earliest: string, latest = earliest) => ({ source, at: { text: '', earliest, latest } }) as ContactRecord;
const now = Date.parse('2015-09-18T15:00:00Z');

test('each source has a row of its own, and an inexact dating a bar', () => {
  const { rows } = laidOut({ contacts: [contact('A', '2014-08-01T00:00:00Z', '2014-08-31T00:00:00Z'), contact('B', '2014-06-01T00:00:00Z')] }, now);
  expect(rows.map((row) => row.source)).toEqual(['A', 'B']);
  expect(rows[0]!.marks[0]!.width).toBeGreaterThan(5);
  expect(rows[1]!.marks[0]).toEqual({ from: 0, width: 0 });
  expect(rows[0]!.last).toBeGreaterThan(rows[1]!.last);
});

test('the picture ends now, in months where the silence lasted long', () => {
  const { ticks } = laidOut({ contacts: [contact('B', '2014-06-01T00:00:00Z')] }, now);
  expect(ticks.at(-1)).toEqual({ at: 100, text: 'SEP 2015' });
});
