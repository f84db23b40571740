// Contacts laid out over time, one row a source.

import type { HistoryRecord } from '../api/line_types';
import { groupedBy } from '../lists/grouped';
import { msOf } from '../words/times';

const MOST_TICKS = 5;
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

export interface LaidOut {
  rows: { source: string; last: number; marks: { from: number; width: number }[] }[];
  ticks: { at: number; text: string }[];
}

/** Places in percent; the picture ends now. */
export function laidOut(history: Pick<HistoryRecord, 'contacts'>, now_ms: number): LaidOut {
  const starts = history.contacts.map((one) => msOf(one.at.earliest)).filter((ms) => ms < now_ms);
  const first_ms = Math.min(...starts, now_ms - 86_400_000);
  const place = (ms: number) => Math.round(Math.max(0, Math.min(1, (ms - first_ms) / (now_ms - first_ms))) * 10_000) / 100;
  const bySource = groupedBy(history.contacts, (one) => one.source);
  const rows = [...bySource].map(([source, contacts]) => {
    const marks = contacts.map(({ at }) => ({ from: place(msOf(at.earliest)), width: place(msOf(at.latest)) - place(msOf(at.earliest)) }));
    return { source, marks, last: Math.max(...marks.map((one) => one.from + one.width)) };
  });
  return { rows, ticks: ticksOf(first_ms, now_ms).map((ms) => ({ at: place(ms), text: monthWords(ms, now_ms - first_ms) })) };
}

function ticksOf(first_ms: number, now_ms: number): number[] {
  return Array.from({ length: MOST_TICKS }, (_, i) => first_ms + ((now_ms - first_ms) * i) / (MOST_TICKS - 1));
}

function monthWords(ms: number, span_ms: number): string {
  const at = new Date(ms);
  const month = `${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  return span_ms > 180 * 86_400_000 ? month : `${at.getUTCDate()} ${month.slice(0, 3)}`;
}
