// Running clocks in words: how long is left, or how long it is over.

import { durationWords } from './times';

export interface Running {
  text: string;
  isOver: boolean;
  /** How much of the time is left, 0 .. 100; 100 where nobody knows when it began. */
  left_percent: number;
}

const SECONDS_TOLD_S = 600;
const DAY_MS = 86_400_000;

/** A clock that ends at `due_ms`, perhaps begun at `from_ms`. */
export function running(due_ms: number, now_ms: number, from_ms: number | null = null): Running {
  const left_s = (due_ms - now_ms) / 1000;
  const whole_s = from_ms === null ? Number.NaN : (due_ms - from_ms) / 1000;
  const share = whole_s > 0 ? Math.max(0, Math.min(1, left_s / whole_s)) : 1;
  const isOver = left_s <= 0;
  return {
    text: isOver ? `OVERDUE ${spanOf(-left_s)}` : `in ${spanOf(left_s)}`,
    isOver,
    left_percent: isOver ? 0 : Math.round(share * 100),
  };
}

/** How long something has waited where no time was set for it: "for 12 s". */
export function waited(since_ms: number, now_ms: number): string {
  return `for ${spanOf(Math.max(0, now_ms - since_ms) / 1000)}`;
}

/** Where a span of time stands: "for another 364 d", "RAN OUT 2 h ago", "not before 3 d from now". */
export function validityWords(from_ms: number, until_ms: number, now_ms: number): { text: string; isNow: boolean } {
  const span = (ms: number) => spanOf(ms >= DAY_MS ? Math.floor(ms / DAY_MS) * (DAY_MS / 1000) : ms / 1000);
  if (now_ms < from_ms) return { text: `NOT BEFORE ${span(from_ms - now_ms)} from now`, isNow: false };
  if (now_ms > until_ms) return { text: `RAN OUT ${span(now_ms - until_ms)} ago`, isNow: false };
  return { text: `for another ${span(until_ms - now_ms)}`, isNow: true };
}

/** Seconds are told only where they count. */
function spanOf(span_s: number): string {
  return durationWords(span_s < SECONDS_TOLD_S ? Math.floor(span_s) : Math.floor(span_s / 60) * 60);
}
