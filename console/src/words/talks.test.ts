import { expect, test } from 'vitest';
import { callName, findingWords } from './talks';

test('a call is named by when and how long', () => {
  expect(callName({ started_at: '2015-09-18T15:00:00Z', ended_at: '2015-09-18T15:50:00Z' })).toBe('Call of 181500ZSEP15, 50 min');
  expect(callName({ started_at: '2015-09-18T15:00:00Z', ended_at: null })).toContain('running');
});

test('who tells a point is said by name, and never who is right', () => {
  expect(findingWords('only A', 'BLUE', 'AMBER')).toBe('only BLUE');
  expect(findingWords('only B', 'BLUE', 'AMBER')).toBe('only AMBER');
  expect(findingWords('contradict', 'BLUE', 'AMBER')).toBe('contradict');
});
