import { expect, test } from 'vitest';
import type { IntentRecord, LearntRecord, PublishedReply } from '../api/f3548_types';
import type { Altitude } from '../api/types';
import { constraintWords, eventTone, eventWords, heightsWords, learntTone, publishedWords, resultWords, staleWords, unsettledWords, verdictSentence } from './f3548';

const intent: IntentRecord = { id: 'i', designator: 'B-1', operation_version: 2, state: 'Accepted', priority: 4, version: 3, manager: 'uss1', released_by: 'Ada, planner', released_at: '2026-11-28T12:00:00Z', is_settled: true, is_wanted: true, note: '', nonconforming_since: null, lost_at: null };
const reply: PublishedReply = { result: 'done', why: '', conflicts: 0, verdict: 'no conflict found', losses: [], intent };

test('what is published is said with state, version, priority and as whom', () => {
  expect(publishedWords(intent)).toBe('Published as Accepted, version 3 there, priority 4, as uss1');
  expect(unsettledWords(intent, 2)).toEqual([]);
});

test('what the service has not said is never told as published', () => {
  expect(publishedWords({ ...intent, state: '', is_settled: false })).toContain('ASKED FOR');
  expect(publishedWords({ ...intent, is_wanted: false })).toContain('BEING TAKEN BACK: still published');
  expect(unsettledWords({ ...intent, is_settled: false }, 2)[0]).toContain('not known');
});

test('an operation that went on, and a change that was refused, each stand beside it', () => {
  expect(unsettledWords(intent, 5)).toEqual(['Others see version 2 of the operation; here it is at version 5.']);
  expect(unsettledWords({ ...intent, note: 'it conflicts' }, 2)).toEqual(['The last change is not published: it conflicts. Others still see what was published before.']);
});

test('a refusal says what stays, and nobody is told of a verdict', () => {
  expect(resultWords({ ...reply, result: 'refused', intent: null })).toBe('REFUSED. Nothing is published.');
  expect(resultWords({ ...reply, result: 'refused' })).toBe('REFUSED. What was published stays as it was.');
  expect(resultWords({ ...reply, result: 'failed', intent: null })).toContain('taken back by itself');
  expect(verdictSentence({ verdict: null, conflicts: 0 })).toBe('');
});

test('a verdict is one of three, and says among what', () => {
  expect(verdictSentence(reply)).toBe('NO CONFLICT FOUND among the intents that the discovery service named.');
  expect(verdictSentence({ verdict: 'conflict', conflicts: 1 })).toContain('CONFLICT with 1 intent that it may meet');
  expect(verdictSentence({ verdict: 'cannot say', conflicts: 0 })).toContain('CANNOT SAY');
});

test('a constraint says until when it binds', () => {
  const one = { id: 'c', zone: 'R', zone_version: 1, version: 1, manager: 'uss1', start: '2026-11-28T12:00:00Z', end: '2026-11-28T14:00:00Z', released_by: '', released_at: '2026-11-28T11:00:00Z' };
  expect(constraintWords(one)).toBe('Published as a constraint, version 1 there, 281200Z to 281400Z, as uss1');
});

test('heights hold every volume, and what is off its plan asks for a look', () => {
  const at = (value_m: number): Altitude => ({ value_m, reference: 'HAE', datum_m: null });
  const volumes = [{ lower: at(50), upper: at(120) }, { lower: at(30), upper: at(90) }] as LearntRecord['volumes'];
  expect(heightsWords({ volumes })).toBe('98 ft (30 m) HAE to 394 ft (120 m) HAE');
  expect(learntTone({ state: 'Contingent' })).toBe('doubt');
  expect(learntTone({ state: 'Activated' })).toBe('none');
});

test('what operators were told is said in words, a conflict as one', () => {
  expect(eventWords('SCD0095')).toContain('CONFLICT');
  expect([eventTone('SCD0090'), eventTone('GEN0400'), eventTone('GEN0405')]).toEqual(['conflict', 'doubt', 'none']);
});

test('what nobody would tell us of any more is not shown as it is now', () => {
  expect(staleWords({ is_followed: true })).toBe('');
  expect(staleWords({ is_followed: false })).toContain('NOT FOLLOWED');
});
