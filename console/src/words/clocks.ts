// Running clocks in words: how long is left, or how long it is over.

import { durationWords } from './times';

export interface Running {
  text: string;
  isOver: boolean;
  /** How much of the time is left, 0 .. 100; 100 where nobody knows when it began. */
  left_percent: number;
}

const SECONDS_TOLD_S = 600;

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

/** Seconds are told only where they count. */
function spanOf(span_s: number): string {
  return durationWords(span_s < SECONDS_TOLD_S ? Math.floor(span_s) : Math.floor(span_s / 60) * 60);
}
