import { expect, test } from 'vitest';
import { running, validityWords, waited } from './clocks';

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

test('what was given no time only says how long it has waited, and is never overdue', () => {
  expect(waited(0, 12 * second)).toBe('for 12 s');
  expect(waited(0, 7_299 * second)).toBe('for 2 h 01 min');
  expect(waited(5 * second, 0)).toBe('for 0 s');
});

test('a key that is certified says for how long, else that it is not', () => {
  const day = 86_400 * second;
  expect(validityWords(0, 400 * day, 35.5 * day)).toEqual({ text: 'for another 364 d', isNow: true });
  expect(validityWords(0, day, day + 2 * 3_600 * second)).toEqual({ text: 'RAN OUT 2 h ago', isNow: false });
  expect(validityWords(3 * day, 9 * day, 0)).toEqual({ text: 'NOT BEFORE 3 d from now', isNow: false });
});
