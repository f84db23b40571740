// Messages in words: what they are called, and how far each is in its life.

import type { MessageRecord, MessageStep } from '../api/line_types';
import { plain } from './answers';
import { dateTimeGroup, msOf } from './times';

/** "M07 CONFLICT ADVISORY, BLUE to AMBER, 151130ZSEP15, no. 12". */
export function messageName(message: MessageRecord): string {
  const { code, from, to, originated_at } = message.document;
  const serial = message.serial === null ? '' : `, no. ${message.serial}`;
  return `${plain(code, 8)} ${plain(message.name, 60)}, ${plain(from, 24)} to ${plain(to, 24)}, ${dateTimeGroup(msOf(originated_at))}${serial}`;
}

export const isDraft = (message: Pick<MessageRecord, 'entry'>) => message.entry === null;

/** One step of the track: a proof of its own, with the time by either clock. */
export interface TrackStep {
  label: string;
  isDone: boolean;
  ours: string | null;
  theirs: string | null;
  note: string;
}

const ENDED = ['WITHDRAWN', 'CANCELLED', 'SUPERSEDED', 'EXPIRED'];

/** What is proved of a message so far, and what is still to come. */
export function trackOf(message: MessageRecord): TrackStep[] {
  const { life } = message;
  const first = (...acts: string[]) => life.history.find((step) => acts.includes(step.act));
  const came = first('delivered', 'deliver');
  const read = life.history.find((step) => step.act === 'readback' && step.state !== 'DISPUTED' && step.state !== 'READBACK DUE');
  const steps = [
    step('released', message.outgoing ? first('release') : came, !message.outgoing),
    step('sent', message.outgoing ? first('send') : came, !message.outgoing),
    step('delivered', came, false),
    step('acknowledged', first('acknowledge'), false, life.acknowledged_by && `by the ${life.acknowledged_by}`),
  ];
  if (life.needs_readback) steps.push(step('read back', read, false, life.disputes ? `differed ${life.disputes} ×` : ''));
  if (life.needs_answer || life.answer) {
    const answered = life.answer ? first('answer', 'cannot comply') : undefined;
    steps.push(step(life.answer ?? 'answered', answered, false, life.considered_until && !life.answer ? `considered until ${dateTimeGroup(msOf(life.considered_until))}` : ''));
  }
  if (life.units !== 'none') {
    const told = life.units === 'asked' ? undefined : first('passed to units');
    steps.push({ ...step('passed to units', told, false), isDone: life.units === 'confirmed', note: life.units === 'cannot' ? 'they cannot be told' : '' });
  }
  if (ENDED.includes(life.state)) steps.push(step(life.state.toLowerCase(), life.history.findLast((one) => one.state === life.state), false));
  return steps;
}

function step(label: string, found: MessageStep | undefined, isTheirsAlone: boolean, note: string | null = ''): TrackStep {
  const ours = found && !isTheirsAlone ? found.at : null;
  return { label, isDone: found !== undefined, ours, theirs: found?.their_at ?? null, note: note ?? '' };
}

const ACT_WORDS: Record<string, string> = {
  deliver: 'delivered',
  release: 'released',
  validate: 'found whole',
  send: 'sent',
  acknowledge: 'acknowledged',
  answer: 'answered',
  correction: 'said again',
  consider: 'under consideration',
  cancel: 'cancelled',
  withdraw: 'withdrawn',
  supersede: 'superseded',
  silence: 'sound silenced',
};

/** One line of a history: what happened. */
export const actWords = (act: string) => ACT_WORDS[act] ?? plain(act.replace('clock: ', 'clock ran out: '), 60);
