import { expect, test } from 'vitest';
import { lengthOf, PATTERNS, type Level, type Tone } from './tones';

const levels = Object.keys(PATTERNS) as Level[];
const early = (tones: Tone[]) => tones.filter((tone) => tone.from_s < 0.5);

test('every tone is where ears are good and small loudspeakers work', () => {
  for (const level of levels)
    for (const { hz } of PATTERNS[level].tones) expect(hz >= 500 && hz <= 3000).toBe(true);
});

test('the patterns are told apart within half a second', () => {
  expect(early(PATTERNS.warning.tones).length).not.toBe(early(PATTERNS.caution.tones).length);
});

test('a pattern ends before it sounds again', () => {
  for (const level of levels) expect(lengthOf(level)).toBeLessThan(PATTERNS[level].again_s);
});
