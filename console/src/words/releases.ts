// Levels and other nodes' answers in words.

import type { Amount, PeerAnswer, ShownRecord, ToldConflict, ViewRecord } from '../api/release_types';
import { plain } from './answers';
import { exactHeightWords, leastDistanceWords } from './lengths';
import { ageWords, dateTimeGroup, durationWords, msOf } from './times';

const LEVEL_WORDS: Record<string, string> = {
  L0: 'L0: how many notices, in bands',
  L1: 'L1: answers for their own volumes',
  L2: 'L2: also the padded overlap while it lasts',
  L3: 'L3: the whole operation, as a notice',
  L4: 'L4: tracks',
};

export const levelWords = (level: string) => LEVEL_WORDS[level] ?? level;

/** How much a party may learn and why: "L1: …, default of the agreement". */
export function shownWords(shown: ShownRecord): string {
  const told = shown.told_version === null ? 'never told whole' : `told whole in version ${shown.told_version}`;
  return `${levelWords(shown.level)} (${shown.ground}); ${told}`;
}

/** How old an answer is and where it came from. */
export function sourceWords(answer: PeerAnswer): string {
  const { question } = answer;
  if (!question) return 'nobody asked';
  const asked = `asked ${dateTimeGroup(msOf(question.at))} about version ${question.operation_version}`;
  const from = `by ${plain(answer.answerer || question.answerer, 24)}'s node on ${plain(question.line, 40)}`;
  // Where asking would be of no use nothing is sent, and nothing disclosed.
  if (answer.standing === 'held back') return `held back here ${dateTimeGroup(msOf(question.at))}: nothing was sent, nothing disclosed`;
  if (!question.answered_at) return `${asked}; no answer of it is here`;
  const clock = question.as_of ? `, their clock ${dateTimeGroup(msOf(question.as_of))}` : '';
  const age = answer.age_s === null ? '' : `answered ${ageWords(answer.age_s)} `;
  return `${age}${from}${clock}; ${asked}`;
}

/** A conflict as far as its level tells it. */
export function toldWords(conflict: ToldConflict): string {
  const band = `between ${dateTimeGroup(msOf(conflict.start))} and ${dateTimeGroup(msOf(conflict.end))}`;
  const more = [conflict.designator, conflict.category, conflict.contact_role].filter(Boolean).map((one) => plain(one, 60));
  return [`${conflict.level}, ${band}`, ...more].join(', ');
}

/** A change in whole steps: "later: 15 min". */
export function amountWords(amount: Amount): string {
  if (amount.time_s) return `${amount.hint}: ${durationWords(amount.time_s)}`;
  if (amount.vertical_m) return `${amount.hint}: ${exactHeightWords(Math.abs(amount.vertical_m))}`;
  const bearing = String(Math.round(amount.bearing_deg) % 360).padStart(3, '0');
  return `${amount.hint}: ${leastDistanceWords(amount.lateral_m)} towards ${bearing}°`;
}

/** Who was shown it: "AMBER (member X), answer, at L1". */
export function viewWords(view: ViewRecord): string {
  const whom = `${plain(view.party, 24)}${view.member ? ` (${plain(view.member, 60)})` : ''}${view.actor ? `, ${plain(view.actor, 60)} here` : ''}`;
  return `${whom}: ${plain(view.what, 80)}, at ${view.level}`;
}
