// Talks in words: which talk it was, and who tells a point.

import type { CallRecord, ConsultationRecord, RowFinding } from '../api/line_types';
import { plain } from './answers';
import { dateTimeGroup, durationWords, msOf } from './times';

/** "Call of 181500ZSEP15, 50 min" or the title of a series. */
export function callName(call: Pick<CallRecord, 'started_at' | 'ended_at'>): string {
  const lasted = call.ended_at ? `, ${durationWords((msOf(call.ended_at) - msOf(call.started_at)) / 1000)}` : ', running';
  return `Call of ${dateTimeGroup(msOf(call.started_at))}${lasted}`;
}

export const seriesName = (one: Pick<ConsultationRecord, 'title' | 'kind'>) => `Talks: ${plain(one.title || one.kind, 80)}`;

/** Who tells it, by the names of the two: "only BLUE", "both", "contradict". */
export function findingWords(finding: RowFinding, a: string, b: string): string {
  if (finding === 'only A') return `only ${plain(a, 24)}`;
  if (finding === 'only B') return `only ${plain(b, 24)}`;
  return finding;
}
