import { expect, test } from 'vitest';
import type { Answer, Operation } from '../api/types';
import { ALL_SHOWN, isLiveAt, matches, shownAnswers, shownOperations } from './filters';

const answer = (designator: string, overall: Answer['overall']) =>
  ({ operation: { id: designator, designator, party: 'BLUE', version: 1, class: 'manned' }, overall, verdict: overall, conflicts: [], infringements: [], findings: [], doubts: [], among: [], suggestions: [] }) as Answer;
const operation = (designator: string, start: string) =>
  ({ designator, party: 'BLUE', class: 'manned', state: 'planned', category: 'other', tolerance_s: 0, volumes: [{ start, end: '2026-03-14T10:00:00Z' }] }) as unknown as Operation;

test('every word of a search has to stand somewhere', () => {
  expect(matches('amber a-2', ['A-201', 'AMBER'])).toBe(true);
  expect(matches('amber b-2', ['A-201', 'AMBER'])).toBe(false);
  expect(matches('', ['anything'])).toBe(true);
});

test('answers keep the order of the node', () => {
  const answers = [answer('B-3', 'conflict'), answer('B-1', 'cannot say'), answer('B-2', 'no conflict found')];
  expect(shownAnswers(answers, ALL_SHOWN, '').map((one) => one.operation.id)).toEqual(['B-3', 'B-1', 'B-2']);
  expect(shownAnswers(answers, { ...ALL_SHOWN, conflict: false }, '').map((one) => one.operation.id)).toEqual(['B-1', 'B-2']);
});

test('operations stand in the order of their first start', () => {
  const all = [operation('B-2', '2026-03-14T07:00:00Z'), operation('B-9', '2026-03-14T06:00:00Z'), operation('B-1', '2026-03-14T07:00:00Z')];
  expect(shownOperations(all, '').map((one) => one.designator)).toEqual(['B-9', 'B-1', 'B-2']);
});

test('a window holds its own ends, and its tolerance', () => {
  const window = { start: '2026-03-14T06:00:00Z', end: '2026-03-14T07:00:00Z' };
  expect(isLiveAt(window, Date.parse(window.end))).toBe(true);
  expect(isLiveAt(window, Date.parse(window.end) + 1)).toBe(false);
  expect(isLiveAt(window, Date.parse(window.end) + 60_000, 60)).toBe(true);
  expect(isLiveAt(window, null)).toBe(true);
});
