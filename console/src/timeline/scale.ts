// Time laid out from left to right, and where the data of others do not reach.

import type { Coverage, Operation, PartyData } from '../api/types';
import { firstStart, lastEnd } from '../lists/filters';
import { msOf } from '../words/times';

export interface Span {
  start_ms: number;
  end_ms: number;
}

const HOUR_MS = 3_600_000;
const TICK_HOURS = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96, 168];

/** What the timeline shows: so many hours from now, or, with none, everything there is. */
export function spanShown(operations: Operation[], now_ms: number, hours: number | null): Span {
  const start_ms = Math.floor((now_ms - HOUR_MS / 2) / HOUR_MS) * HOUR_MS;
  if (hours !== null) return { start_ms, end_ms: start_ms + hours * HOUR_MS };
  const starts = operations.map(firstStart);
  const ends = operations.map(lastEnd);
  const first = starts.reduce((a, b) => Math.min(a, b), start_ms);
  const last = ends.reduce((a, b) => Math.max(a, b), now_ms + 2 * HOUR_MS);
  return { start_ms: Math.floor(first / HOUR_MS) * HOUR_MS, end_ms: Math.ceil(last / HOUR_MS) * HOUR_MS };
}

/** Where a moment stands, 0 .. 100; what lies outside is put on the edge. */
export function percent(ms: number, span: Span): number {
  const share = (ms - span.start_ms) / (span.end_ms - span.start_ms);
  return Math.round(Math.max(0, Math.min(1, share)) * 10_000) / 100;
}

/** Round moments to label, at most so many. */
export function ticks(span: Span, most: number): number[] {
  const hours = (span.end_ms - span.start_ms) / HOUR_MS;
  const step_ms = (TICK_HOURS.find((one) => hours / one <= most) ?? 168) * HOUR_MS;
  const first = Math.ceil(span.start_ms / step_ms) * step_ms;
  const count = Math.max(0, Math.floor((span.end_ms - first) / step_ms) + 1);
  return Array.from({ length: count }, (_, i) => first + i * step_ms);
}

export interface Unknown extends Span {
  parties: string[];
}

/** Spans in which no fresh statement of some party reaches: silence there proves nothing. */
export function unknownSpans(data: PartyData[], coverages: Coverage[], own: string, span: Span): Unknown[] {
  return data
    .filter((one) => one.party !== own)
    .flatMap((one) => gaps(one.fresh ? coverages.filter((c) => c.party === one.party) : [], span, one.party));
}

function gaps(coverages: Coverage[], span: Span, party: string): Unknown[] {
  const covered = coverages.map((c) => [msOf(c.start), msOf(c.end)] as const).sort((a, b) => a[0] - b[0]);
  const found: Unknown[] = [];
  let reached_ms = span.start_ms;
  for (const [start_ms, end_ms] of [...covered, [span.end_ms, span.end_ms] as const]) {
    if (start_ms > reached_ms) found.push({ start_ms: reached_ms, end_ms: Math.min(start_ms, span.end_ms), parties: [party] });
    reached_ms = Math.max(reached_ms, end_ms);
  }
  return found.filter((one) => one.end_ms > one.start_ms);
}
