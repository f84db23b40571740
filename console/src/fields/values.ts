// Values of message fields as people see and type them.

import type { FieldKind } from '../api/line_types';
import type { Altitude, Position, Volume, Window } from '../api/types';
import { plain } from '../words/answers';
import { bandWords } from '../words/lengths';
import { positionWords } from '../words/positions';
import { dateTimeGroup, durationWords, msOf, spanWords } from '../words/times';

/** A position with the text it was typed as. */
export type Placed = Position & { text?: string };
export interface Band {
  lower: Altitude;
  upper: Altitude;
}
export interface OperationName {
  id: string;
  version: number;
  designator: string;
}

/** A number of seconds or a text, as it stands in its input. */
export function amountText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'number') return String(value);
  return value % 60 === 0 ? `${value / 60} min` : `${value} s`;
}

/** A value in words, on one line; what is not of its kind stands as it came. */
export function valueWords(kind: FieldKind, value: unknown): string {
  if (value === null || value === undefined) return '';
  try {
    return plain(WORDS[kind]?.(value as never) ?? asText(value), 1_000);
  } catch {
    return plain(asText(value), 1_000);
  }
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

const volumeWords = (one: Volume) =>
  one.source_text || `${one.footprint.kind}, ${bandWords(one.lower, one.upper)}, ${spanWords(one)}`;

const WORDS: Partial<Record<FieldKind, (value: never) => string>> = {
  position: (value: Placed) => (value.text ? `${value.text} = ${positionWords(value)}` : positionWords(value)),
  'altitude band': (value: Band) => bandWords(value.lower, value.upper),
  window: (value: Window) => spanWords(value),
  moment: (value: string) => dateTimeGroup(msOf(value)),
  volumes: (value: Volume[]) => value.map(volumeWords).join('; '),
  operation: (value: OperationName) => `${value.designator} version ${value.version}`,
  duration: (value: number) => durationWords(value),
  distance: (value: number) => `${value} m`,
  boolean: (value: boolean) => (value ? 'yes' : 'no'),
  texts: (value: string[]) => value.join('; '),
  fingerprints: (value: string[]) => value.join('; '),
};
