import { describe, expect, test } from 'vitest';
import { ageWords, clockWords, dateTimeGroup, dayTime, durationWords, silenceWords, spanWords, timeGapWords } from './times';

const at = Date.parse('2015-09-15T13:00:07Z');

describe('times', () => {
  test('are told in UTC, whatever zone the machine is in', () => {
    expect(dayTime(at)).toBe('151300Z');
    expect(dateTimeGroup(at)).toBe('151300ZSEP15');
    expect(clockWords(at)).toEqual({ day: '15 SEP 2015', time: '13:00:07Z' });
  });

  test('a window within one month leaves the month out, any other names it', () => {
    expect(spanWords({ start: '2015-09-15T13:00:00Z', end: '2015-09-15T14:30:00Z' })).toBe('151300Z to 151430Z');
    expect(spanWords({ start: '2015-09-30T23:00:00Z', end: '2015-10-01T01:00:00Z' })).toBe('302300ZSEP15 to 010100ZOCT15');
  });

  test.each([
    [40, '40 s'],
    [840, '14 min'],
    [7500, '2 h 05 min'],
    [7200, '2 h'],
    [3 * 86_400 + 4 * 3600, '3 d 4 h'],
    [-90, '1 min 30 s'],
  ])('%d seconds last "%s"', (duration_s, words) => {
    expect(durationWords(duration_s)).toBe(words);
  });

  test('an age is rounded up, and one in the future is said to be', () => {
    expect(ageWords(61)).toBe('2 min ago');
    expect(ageWords(-60)).toBe('1 min in the future');
  });

  test('time between windows is rounded down, time together up', () => {
    expect(timeGapWords(599.9)).toBe('9 min 59 s apart');
    expect(timeGapWords(-59.1)).toBe('both live for 1 min');
    expect(timeGapWords(0)).toBe('one starts as the other ends');
  });
});

describe('a long silence', () => {
  const day = 86_400;
  test('is told in months, between what its source allows', () => {
    expect(silenceWords(366 * day, 1098 * day)).toBe('12 to 36 months');
    expect(silenceWords(392 * day, 423 * day)).toBe('12 to 13 months');
  });
  test('is told in days and hours where it is short', () => {
    expect(silenceWords(3 * day, 3 * day + 9)).toBe('3 d');
    expect(silenceWords(3 * 3_600, 3 * day)).toBe('3 h to 3 d');
  });
});
