import { expect, test } from 'vitest';
import type { MessageLife, MessageRecord, MessageStep } from '../api/line_types';
import { trackOf } from './messages';

const at = '2015-09-18T15:00:00Z';
const made = (acts: [string, string][], life: Partial<MessageLife>, outgoing = true) =>
  ({
    outgoing,
    life: {
      state: 'SENT', units: 'none', answer: null, needs_readback: false, needs_answer: false, disputes: 0, acknowledged_by: '', considered_until: null,
      history: acts.map(([act, state]): MessageStep => ({ act, state: state as MessageStep['state'], at, their_at: act === 'deliver' ? '2015-09-18T15:00:02Z' : null, id: '', role: '', actor: '', reason: '', late: false })),
      ...life,
    },
  }) as MessageRecord;
const labels = (message: MessageRecord) => trackOf(message).map((step) => `${step.isDone ? '+' : '-'}${step.label}`);

test('each proof is a step of its own, and what is not asked for is none', () => {
  expect(labels(made([['release', 'RELEASED'], ['send', 'SENT']], {}))).toEqual(['+released', '+sent', '-delivered', '-acknowledged']);
});

test('a readback that differed proves nothing', () => {
  const acts: [string, string][] = [['deliver', 'DELIVERED'], ['acknowledge', 'READBACK DUE'], ['readback', 'DISPUTED']];
  expect(labels(made(acts, { needs_readback: true, disputes: 1 }))).toContain('-read back');
  expect(labels(made([...acts, ['readback', 'READ BACK']], { needs_readback: true, disputes: 1 }))).toContain('+read back');
});

test('units told, an answer given and an end are said', () => {
  const acts: [string, string][] = [['deliver', 'DELIVERED'], ['answer', 'DECLINED'], ['passed to units', 'DECLINED'], ['cancel', 'CANCELLED']];
  expect(labels(made(acts, { state: 'CANCELLED', answer: 'declined', units: 'cannot' })).slice(-3)).toEqual(['+declined', '-passed to units', '+cancelled']);
});

test('both clocks stand at a step', () => {
  const delivered = trackOf(made([['deliver', 'DELIVERED']], {})).find((step) => step.label === 'delivered');
  expect(delivered).toMatchObject({ ours: at, theirs: '2015-09-18T15:00:02Z' });
});
