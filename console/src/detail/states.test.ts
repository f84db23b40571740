import { expect, test } from 'vitest';
import { STEPS, stepsFrom } from './states';

test('what ended can take no step', () => {
  expect(stepsFrom('ended')).toEqual([]);
});

test('every live state can be left, and every step says what it means', () => {
  for (const state of ['planned', 'active', 'nonconforming', 'contingent'] as const) {
    expect(stepsFrom(state).some((step) => step.state === 'ended')).toBe(true);
  }
  for (const step of STEPS) expect(step.effect('B-1')).toMatch(/^B-1 .*\.$/);
});
