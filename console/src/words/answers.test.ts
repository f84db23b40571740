import { describe, expect, test } from 'vitest';
import type { Among, Suggestion } from '../api/types';
import { amongWords, answerWords, dataWord, plain, suggestionWords } from './answers';

const among: Among = { party: 'AMBER', notices: 41, oldest_s: 840, as_of: '2015-09-15T13:00:00Z', age_s: 840, completeness: 'partial', own: false };
const none: Suggestion = { kind: 'time', found: false, time_s: 0, vertical_m: 0, lateral_m: 0, bearing_deg: 0 };

describe('answers', () => {
  test('are the three words, or INFRINGEMENT where only that is sure', () => {
    expect(answerWords({ overall: 'no conflict found', verdict: 'no conflict found' })).toBe('NO CONFLICT FOUND');
    expect(answerWords({ overall: 'cannot say', verdict: 'cannot say' })).toBe('CANNOT SAY');
    expect(answerWords({ overall: 'conflict', verdict: 'no conflict found' })).toBe('INFRINGEMENT');
  });

  test('always say among what', () => {
    expect(amongWords(among)).toBe('among 41 AMBER notices, oldest 14 min ago, coverage partial, declared 14 min ago');
    expect(amongWords({ ...among, completeness: null, age_s: null })).toContain('coverage undeclared');
    expect(amongWords({ ...among, own: true })).toContain('our own');
  });

  test('a suggestion names the change, or says that there is none', () => {
    expect(suggestionWords({ ...none, found: true, time_s: -900 })).toBe('15 min earlier: no conflict found');
    expect(suggestionWords({ ...none, kind: 'lateral', found: true, lateral_m: 5556, bearing_deg: 44.6 })).toBe('3.0 NM (5.6 km) towards 045°: no conflict found');
    expect(suggestionWords(none)).toBe('earlier or later: none within limits');
  });
});

test('data without a statement are none, however many notices there are', () => {
  const data = { party: 'AMBER', as_of: null, age_s: null, completeness: null, notices: 9, fresh: true, reasons: [] };
  expect(dataWord(data)).toBe('none');
  expect(dataWord({ ...data, as_of: '2015-09-15T13:00:00Z', fresh: false })).toBe('stale');
});

test('text of others cannot hide or turn what stands beside it', () => {
  expect(plain('B-1\u202E77')).toBe('B-1[U+202E]77');
  expect(plain('a\nb\u0000')).toBe('a b[U+0000]');
  expect(plain('x'.repeat(300)).length).toBe(200);
});
