// What a list shows: pure functions over what the node said. The order is the node's own.

import type { Answer, Operation, Verdict } from '../api/types';
import { msOf } from '../words/times';

export type Shown = Record<Verdict, boolean>;
export const ALL_SHOWN: Shown = { conflict: true, 'cannot say': true, 'no conflict found': true };

/** Every word of the search stands somewhere in the texts, in any case. */
export function matches(search: string, texts: string[]): boolean {
  const all = texts.join(' ').toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

export function shownAnswers(answers: Answer[], shown: Shown, search: string): Answer[] {
  return answers.filter((answer) => shown[answer.overall] && matches(search, textsOf(answer)));
}

function textsOf(answer: Answer): string[] {
  const { operation, conflicts, infringements } = answer;
  return [
    operation.designator,
    operation.party,
    answer.overall,
    ...conflicts.flatMap(({ rule_id, theirs }) => [rule_id, theirs.designator, theirs.party]),
    ...infringements.flatMap((one) => [one.airspace_id, one.airspace_name]),
  ];
}

/** By first start, then designator. */
export function shownOperations(operations: Iterable<Operation>, search: string): Operation[] {
  return [...operations]
    .filter((one) => matches(search, [one.designator, one.party, one.class, one.state, one.category]))
    .sort((a, b) => firstStart(a) - firstStart(b) || a.designator.localeCompare(b.designator));
}

/** When an operation first may be live, tolerance included. */
export const firstStart = (operation: Operation) =>
  Math.min(...operation.volumes.map((volume) => msOf(volume.start))) - operation.tolerance_s * 1000;

/** When it last may be live. */
export const lastEnd = (operation: Operation) =>
  Math.max(...operation.volumes.map((volume) => msOf(volume.end))) + operation.tolerance_s * 1000;

/** Whether a window, widened by a tolerance, holds a moment; null means every moment. */
export function isLiveAt(window: { start: string; end: string }, at_ms: number | null, tolerance_s = 0): boolean {
  if (at_ms === null) return true;
  return msOf(window.start) - tolerance_s * 1000 <= at_ms && at_ms <= msOf(window.end) + tolerance_s * 1000;
}
