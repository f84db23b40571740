import { expect, test } from 'vitest';
import { declaredWords, LINE_TONES, lineWords, skewWords } from './lines';

test('every state has a word and a tone, and none is called clear', () => {
  for (const state of Object.keys(LINE_TONES) as (keyof typeof LINE_TONES)[]) {
    expect(lineWords(state)).not.toMatch(/CLEAR|OK|GREEN/);
  }
});

test('a clock is told where it is out', () => {
  expect(skewWords(31)).toBe('their clock is 31 s ahead');
  expect(skewWords(-2.4)).toBe('their clock is 2.4 s behind');
  expect(skewWords(1.2)).toBe('');
  expect(skewWords(null)).toBe('');
});

test('what is declared names both parties, and what still works in their words', () => {
  const line = { declared: { us: 'open', them: 'suspended' }, party: 'AMBER', scope: 'air', residue: 'FLASH is taken' } as const;
  expect(declaredWords(line, 'BLUE')).toBe('BLUE open, AMBER suspended (air): “FLASH is taken”');
  expect(declaredWords({ ...line, declared: { us: 'open', them: 'open' }, scope: null }, 'BLUE')).toBe('BLUE open, AMBER open');
});
