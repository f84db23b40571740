import { expect, test } from 'vitest';
import { running } from './clocks';

const second = 1_000;

test('a clock tells what is left, with seconds where they count', () => {
  expect(running(90 * second, 0).text).toBe('in 1 min 30 s');
  expect(running(7_299 * second, 0).text).toBe('in 2 h 01 min');
});

test('a clock that ran out says how long it is over', () => {
  expect(running(0, 61 * second)).toEqual({ text: 'OVERDUE 1 min 01 s', isOver: true, left_percent: 0 });
});

test('what is left is a share of the whole where the start is known', () => {
  expect(running(60 * second, 15 * second, 0).left_percent).toBe(75);
  expect(running(60 * second, 15 * second).left_percent).toBe(100);
  expect(running(60 * second, 0, 60 * second).left_percent).toBe(100);
});
