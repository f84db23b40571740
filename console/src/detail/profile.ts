// The heights of a conflict on one scale against time; for pictures only.

import type { Altitude, Conflict, Operation, Volume } from '../api/types';
import { msOf } from '../words/times';

/** One operation's volume in the profile: a band of height during a window, tolerance included. */
export interface Strip {
  low_m: number;
  high_m: number;
  start_ms: number;
  end_ms: number;
}

/** Where a height is drawn: above sea level as far as that was given. */
const nominal_m = (altitude: Altitude) => altitude.value_m + (altitude.datum_m ?? 0);

export function stripOf(operation: Operation, volume: Volume): Strip {
  const [lower_m, upper_m] = [nominal_m(volume.lower), nominal_m(volume.upper)];
  return {
    low_m: Math.min(lower_m, upper_m),
    high_m: Math.max(lower_m, upper_m),
    start_ms: msOf(volume.start) - operation.tolerance_s * 1000,
    end_ms: msOf(volume.end) + operation.tolerance_s * 1000,
  };
}

/** Whether all four bounds count from one surface and can be drawn as they stand. */
export function isOneReference(ours: Volume, theirs: Volume): boolean {
  const surfaces = [ours.lower, ours.upper, theirs.lower, theirs.upper].map((altitude) =>
    altitude.reference === 'QFE' ? `QFE ${altitude.datum_m}` : altitude.reference,
  );
  return new Set(surfaces).size === 1;
}

/** Theirs where the answer puts it, and how far its edges may lie off; null where none can say. */
export function settled(ours: Strip, theirs: Strip, conflict: Conflict, isOne: boolean): { strip: Strip; half_m: number | null } {
  const { vertical_low_m: low_m, vertical_high_m: high_m } = conflict.separations;
  if (low_m === null || high_m === null) return { strip: theirs, half_m: null };
  const half_m = Math.max(0, (high_m - low_m) / 2);
  if (isOne || half_m === 0) return { strip: theirs, half_m };
  const gap_m = (low_m + high_m) / 2;
  const isAbove = theirs.low_m + theirs.high_m >= ours.low_m + ours.high_m;
  const by_m = isAbove ? ours.high_m + gap_m - theirs.low_m : ours.low_m - gap_m - theirs.high_m;
  return { strip: { ...theirs, low_m: theirs.low_m + by_m, high_m: theirs.high_m + by_m }, half_m };
}

/** A sentence on how the heights were put on one scale; empty within one reference. */
export function heightsNote(ours: Volume, theirs: Volume, half_m: number | null): string {
  if (half_m === null) return 'These references cannot be reconciled: the bands are drawn as declared, side by side.';
  if (isOneReference(ours, theirs)) return '';
  const names = new Set([ours.lower, ours.upper, theirs.lower, theirs.upper].map((a) => a.reference));
  const list = [...names].sort().join(' and ');
  return `Heights counted from ${list} are drawn on our scale; the other band may lie anywhere in its shaded part.`;
}
