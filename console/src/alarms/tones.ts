// What an alarm sounds like: two patterns that differ within their first half second.
// Source: MIL-STD-1472E 5.3 as the style study has it: 500 to 3,000 Hz, few meanings.

export type Level = 'warning' | 'caution';

export interface Tone {
  hz: number;
  from_s: number;
  lasts_s: number;
}

interface Pattern {
  tones: Tone[];
  /** How long until it sounds again while somebody is waited for. */
  again_s: number;
}

const pulses = (hz: number[], lasts_s: number, gap_s: number): Tone[] =>
  hz.map((one, i) => ({ hz: one, from_s: i * (lasts_s + gap_s), lasts_s }));

export const PATTERNS: Record<Level, Pattern> = {
  warning: { tones: pulses([1000, 1500, 1000, 1500, 1000, 1500], 0.1, 0.03), again_s: 3 },
  caution: { tones: pulses([660, 660], 0.35, 0.2), again_s: 9 },
};

/** How long a pattern sounds. */
export const lengthOf = (level: Level): number =>
  Math.max(...PATTERNS[level].tones.map((tone) => tone.from_s + tone.lasts_s));
