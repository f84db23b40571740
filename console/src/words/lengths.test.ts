import { describe, expect, test } from 'vitest';
import { altitudeWords, bandWords, exactHeightWords, gapWords, heightGapWords, leastDistanceWords, leastHeightWords } from './lengths';

describe('distances', () => {
  test('that are there are rounded down', () => {
    expect(gapWords(5555)).toBe('2.9 NM (5.5 km)');
    expect(gapWords(5556)).toBe('3.0 NM (5.5 km)');
    expect(gapWords(100)).toBe('under 0.1 NM (100 m)');
    expect(gapWords(0)).toBe('footprints meet');
  });

  test('that a rule asks are rounded up', () => {
    expect(leastDistanceWords(5556)).toBe('3.0 NM (5.6 km)');
    expect(leastDistanceWords(500)).toBe('0.27 NM (0.5 km)');
    expect(leastHeightWords(914.4)).toBe('3,000 ft (915 m)');
    expect(exactHeightWords(304.9)).toBe('1,001 ft (305 m)');
  });
});

describe('heights', () => {
  test('between bands are a range where the references leave one', () => {
    expect(heightGapWords(-305, -305)).toBe('bands overlap');
    expect(heightGapWords(0, 0)).toBe('bands touch');
    expect(heightGapWords(-10, 305)).toBe('overlap, or up to 1,000 ft (305 m) apart');
    expect(heightGapWords(122, 122)).toBe('400 ft (122 m)');
    expect(heightGapWords(null, null)).toBe('heights cannot be compared');
  });

  test('always carry their reference', () => {
    expect(altitudeWords({ value_m: 7315.2, reference: 'STD', datum_m: null })).toBe('FL240');
    expect(altitudeWords({ value_m: 2438.4, reference: 'QNH', datum_m: null })).toBe('8,000 ft (2,438 m) QNH');
    const ground = { value_m: 0, reference: 'AGL', datum_m: null } as const;
    expect(bandWords(ground, { value_m: 7315.2, reference: 'STD', datum_m: null })).toBe('ground to FL240');
  });
});
