// Distances and heights in words. What is there is rounded down and what a rule asks is
// rounded up: both towards danger. NM and km, ft and m are both said.

import type { Altitude } from '../api/types';

export const M_PER_NM = 1852;
export const M_PER_FT = 0.3048;
export const M_PER_KM = 1000;

const down = (value: number, steps: number) => Math.floor(value * steps + 1e-6) / steps;
const up = (value: number, steps: number) => Math.ceil(value * steps - 1e-6) / steps;

/** A number with thousands marked: 12,345.6. */
export function grouped(value: number, decimals = 0): string {
  return value.toLocaleString('en-GB', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** A distance between footprints: "1.9 NM (3.5 km)", or that they meet. */
export function gapWords(lateral_m: number, metric = true): string {
  if (lateral_m <= 0) return 'footprints meet';
  if (lateral_m < 0.1 * M_PER_NM) {
    return `under 0.1 NM${metric ? ` (${grouped(Math.floor(lateral_m + 1e-6))} m)` : ''}`;
  }
  const words = `${grouped(down(lateral_m / M_PER_NM, 10), 1)} NM`;
  return metric ? `${words} (${grouped(down(lateral_m / M_PER_KM, 10), 1)} km)` : words;
}

/** What a rule asks laterally, rounded up: "3.0 NM (5.6 km)", "0.27 NM (0.5 km)". */
export function leastDistanceWords(lateral_m: number): string {
  const miles = grouped(up(lateral_m / M_PER_NM, 100), 2).replace(/0$/, '');
  return `${miles} NM (${grouped(up(lateral_m / M_PER_KM, 10), 1)} km)`;
}

/** What a rule asks vertically, rounded up: "3,000 ft (915 m)". */
export function leastHeightWords(vertical_m: number): string {
  return `${grouped(up(vertical_m / M_PER_FT, 1))} ft (${grouped(Math.ceil(vertical_m - 1e-6))} m)`;
}

/** A vertical distance, or the range of it that fits what was declared. */
export function heightGapWords(low_m: number | null, high_m: number | null, metric = true): string {
  if (low_m === null || high_m === null) return 'heights cannot be compared';
  if (high_m <= 0) return high_m < 0 ? 'bands overlap' : 'bands touch';
  const low = heightWords(Math.max(low_m, 0), metric);
  const high = heightWords(high_m, metric);
  if (low_m < 0) return `overlap, or up to ${high} apart`;
  return low === high ? low : `${low} to ${high}`;
}

function heightWords(height_m: number, metric: boolean): string {
  const shown_ft = down(height_m / M_PER_FT, 0.01);
  const words = shown_ft || height_m <= 0 ? `${grouped(shown_ft)} ft` : 'under 100 ft';
  return metric ? `${words} (${grouped(Math.floor(height_m + 1e-6))} m)` : words;
}

/** A height with its reference: "FL240", "8,000 ft (2,438 m) QNH", "ground". */
export function altitudeWords(altitude: Altitude): string {
  const height_ft = altitude.value_m / M_PER_FT;
  const level = Math.round(height_ft / 100);
  if (altitude.reference === 'STD' && height_ft >= 0 && Math.abs(height_ft - 100 * level) < 1) {
    return `FL${String(level).padStart(3, '0')}`;
  }
  if (altitude.reference === 'AGL' && altitude.value_m === 0) return 'ground';
  const feet = `${grouped(Math.round(height_ft))} ft (${grouped(Math.round(altitude.value_m))} m)`;
  return `${feet} ${altitude.reference}`;
}

/** A band: "FL240 to FL260". */
export function bandWords(lower: Altitude, upper: Altitude): string {
  return `${altitudeWords(lower)} to ${altitudeWords(upper)}`;
}

/** A change of height, rounded up: "1,000 ft (305 m)". */
export function exactHeightWords(height_m: number): string {
  const feet = grouped(Math.ceil(height_m / M_PER_FT - 1e-6));
  return `${feet} ft (${grouped(Math.ceil(height_m - 1e-6))} m)`;
}
