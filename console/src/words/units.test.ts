import { expect, test } from 'vitest';
import type { PeerAnswer, ToldConflict } from '../api/release_types';
import { amountWords, levelWords, sourceWords, toldWords } from './releases';
import { passedWords, recipientWords, tryWords, unitTone } from './units';

test('a unit that cannot be told or is overdue is never drawn as settled', () => {
  expect(unitTone({ word: 'cannot', is_overdue: false })).toBe('conflict');
  expect(unitTone({ word: 'told', is_overdue: true })).toBe('conflict');
  expect(unitTone({ word: 'to be told', is_overdue: false })).toBe('doubt');
  expect(unitTone({ word: 'confirmed', is_overdue: false })).toBe('none');
});

test('what units said stands as the node computed it', () => {
  expect(passedWords({ passed: 'none must be told' })).toBe('PASSED TO UNITS: NONE MUST BE TOLD');
  expect(tryWords({ try_now: { kind: 'telephone', address: '204' } })).toBe('try telephone 204');
  expect(tryWords({ try_now: null })).toBe('');
});

test('a recipient is told with each proof and no more', () => {
  const sent = { line: 'AMBER-BLUE', party: 'AMBER', message: 'm', at: '2026-03-14T06:00:00Z', state: 'SENT' as const, acknowledged_by: '', acknowledged_at: null, units: 'none' as const };
  expect(recipientWords(sent)).toBe('AMBER: SENT');
  const known = { ...sent, state: 'READ BACK' as const, acknowledged_by: 'duty officer', acknowledged_at: '2026-03-14T06:05:00Z', units: 'asked' as const };
  expect(recipientWords(known)).toBe('AMBER: READ BACK, by the duty officer 140605ZMAR26, units asked');
});

const answer: PeerAnswer = { party: 'AMBER', line: 'AMBER-BLUE', answerer: 'AMBER', standing: 'not asked', counts_as: null, reasons: [], age_s: null, question: null, discloses: '' };

test('an answer says its age and where it came from', () => {
  expect(sourceWords(answer)).toBe('nobody asked');
  const question = { id: 'q', line: 'AMBER-BLUE', answerer: 'AMBER', about: 'AMBER', operation_version: 2, at: '2026-03-14T06:00:00Z', widened: false, answer: null, answered_at: null, as_of: null, erased_at: null };
  expect(sourceWords({ ...answer, question })).toBe('asked 140600ZMAR26 about version 2; no answer of it is here');
  const answered = { ...question, answered_at: '2026-03-14T06:01:00Z', as_of: '2026-03-14T06:01:00Z' };
  expect(sourceWords({ ...answer, age_s: 60, question: answered })).toBe("answered 1 min ago by AMBER's node on AMBER-BLUE, their clock 140601ZMAR26; asked 140600ZMAR26 about version 2");
});

test('what was held back here is never told as an answer of theirs', () => {
  const question = { id: 'q', line: 'AMBER-BLUE', answerer: 'AMBER', about: 'AMBER', operation_version: 2, at: '2026-03-14T06:00:00Z', widened: false, answer: { verdict: 'cannot say' as const, reasons: [], conflicts: [], total: 0, hints: [], amounts: [] }, answered_at: '2026-03-14T06:00:00Z', as_of: null, erased_at: null };
  const held = { party: 'AMBER', line: 'AMBER-BLUE', answerer: 'AMBER', standing: 'held back', counts_as: 'cannot say' as const, reasons: [], age_s: 60, question, discloses: '' };
  expect(sourceWords(held)).toBe('held back here 140600ZMAR26: nothing was sent, nothing disclosed');
});

test('a conflict at L1 names nothing but a band of time', () => {
  const told: ToldConflict = { id: 'c', rule: 'r', verdict: 'conflict', level: 'L1', start: '2026-03-14T06:00:00Z', end: '2026-03-14T07:00:00Z', overlap: [], category: '', contact_role: '', operation: '', designator: '' };
  expect(toldWords(told)).toBe('L1, between 140600ZMAR26 and 140700ZMAR26');
});

test('levels and steps are spelt out', () => {
  expect(levelWords('L3')).toContain('whole operation');
  expect(amountWords({ hint: 'later', time_s: 900, vertical_m: 0, lateral_m: 0, bearing_deg: 0 })).toBe('later: 15 min');
});
