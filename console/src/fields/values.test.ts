import { expect, test } from 'vitest';
import { amountText, valueWords } from './values';

test('a position keeps the text it was typed as, beside two notations', () => {
  const words = valueWords('position', { latitude_deg: 35.4011, longitude_deg: 35.9487, text: '35 24 04N 035 56 55E' });
  expect(words).toBe('35 24 04N 035 56 55E = 35.4011N 035.9487E = 35 24.07N 035 56.92E');
});

test('what is not of its kind stands as it came', () => {
  expect(valueWords('altitude band', 'FL240-FL260')).toBe('FL240-FL260');
  expect(valueWords('window', { what: 1 })).toContain('what');
  expect(valueWords('text', null)).toBe('');
});

test('seconds stand in an input as one types them', () => {
  expect(amountText(600)).toBe('10 min');
  expect(amountText(45)).toBe('45 s');
  expect(amountText('1 h')).toBe('1 h');
});
