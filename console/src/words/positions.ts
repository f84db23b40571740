// Positions in the two notations of the reports.

import type { Position } from '../api/types';

const letter = (value: number, letters: string) => (value >= 0 ? letters[0] : letters[1]);

/** Decimal degrees: "35.4011N 035.9487E"; more decimals where the form must lose nothing. */
export function decimalDegrees(position: Position, decimals = 4): string {
  const half = (value: number, whole: number, letters: string) =>
    `${Math.abs(value).toFixed(decimals).padStart(whole + 1 + decimals, '0')}${letter(value, letters)}`;
  return `${half(position.latitude_deg, 2, 'NS')} ${half(position.longitude_deg, 3, 'EW')}`;
}

/** Degrees and minutes: "35 24.07N 035 56.92E". */
export function degreesMinutes(position: Position): string {
  const half = (value: number, whole: number, letters: string) => {
    const hundredths = Math.round(Math.abs(value) * 6000);
    const degrees = String(Math.floor(hundredths / 6000)).padStart(whole, '0');
    const minutes = ((hundredths % 6000) / 100).toFixed(2).padStart(5, '0');
    return `${degrees} ${minutes}${letter(value, letters)}`;
  };
  return `${half(position.latitude_deg, 2, 'NS')} ${half(position.longitude_deg, 3, 'EW')}`;
}

/** Both, for a detail. */
export const positionWords = (position: Position) =>
  `${decimalDegrees(position)} = ${degreesMinutes(position)}`;
