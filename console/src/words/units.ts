// Units, notices to recipients and copies in words; what they mean is the node's to say.

import type { RelayRecord } from '../api/member_types';
import type { Recipient, TellingRecord, UnitTelling } from '../api/unit_types';
import type { Tone } from './answers';
import { plain } from './answers';
import { dateTimeGroup, msOf } from './times';

/** How a unit's word is drawn; the word itself stands beside it. */
export function unitTone(unit: Pick<UnitTelling, 'word' | 'is_overdue'>): Tone {
  if (unit.word === 'cannot' || unit.is_overdue) return 'conflict';
  return unit.word === 'confirmed' ? 'none' : 'doubt';
}

/** "PASSED TO UNITS: CONFIRMED" as the node computed it. */
export const passedWords = (telling: Pick<TellingRecord, 'passed'>) => `PASSED TO UNITS: ${telling.passed.toUpperCase()}`;

/** "try telephone 204"; empty where nothing is to be tried. */
export function tryWords(unit: Pick<UnitTelling, 'try_now'>): string {
  return unit.try_now ? `try ${unit.try_now.kind} ${plain(unit.try_now.address, 80)}` : '';
}

/** How far one recipient is: "AMBER: SENT", with what they proved. */
export function recipientWords(one: Recipient): string {
  const known = one.acknowledged_at ? `, by the ${plain(one.acknowledged_by, 40)} ${dateTimeGroup(msOf(one.acknowledged_at))}` : '';
  const units = one.units === 'none' ? '' : `, units ${one.units}`;
  return `${plain(one.party, 24)}: ${one.state ?? 'told'}${known}${units}`;
}

/** What was said, in quotes; nothing where nobody said anything. */
export const wordsSaid = (words: string, most = 500) => (words ? `: “${plain(words, most)}”` : '');

/** Whether a message is passed on to allies, in one line. */
export function relayWords(relay: Pick<RelayRecord, 'is_relayed' | 'to' | 'missing' | 'stopped'>): string {
  if (relay.is_relayed === null) return 'nobody decided yet whether it is passed on';
  if (!relay.is_relayed) return 'not passed on, by decision';
  return `passed on to ${relay.to.length - relay.stopped.length}, ${relay.missing.length} said nothing yet`;
}
