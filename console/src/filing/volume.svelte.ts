// One volume of the form: a shape, two heights, two times, each typed or drawn.

import type { Altitude, Footprint, Position, Volume } from '../api/types';
import { positionsOf } from '../map/outline';
import { altitudeWords, M_PER_FT, M_PER_KM, M_PER_NM } from '../words/lengths';
import { decimalDegrees } from '../words/positions';
import { dateTimeGroup, msOf } from '../words/times';
import { altitudeField, positionField, timeField, type TypedField } from './typed.svelte';

export type ShapeKind = Footprint['kind'];
export type WidthUnit = 'NM' | 'km' | 'm';
export const M_PER: Record<WidthUnit, number> = { NM: M_PER_NM, km: M_PER_KM, m: 1 };
const FEWEST: Record<ShapeKind, number> = { circle: 1, corridor: 2, polygon: 3 };

/** A volume as far as it is known. */
export type PartialVolume = Partial<Volume>;

export class VolumeForm {
  kind = $state<ShapeKind>('circle');
  vertices = $state.raw<TypedField<Position>[]>([positionField()]);
  width_m = $state<number | null>(null);
  unit = $state<WidthUnit>('NM');
  lower = altitudeField();
  upper = altitudeField();
  start = timeField();
  end = timeField();
  #holes: Position[][] = [];
  #source_text = '';

  get holes(): number {
    return this.kind === 'polygon' ? this.#holes.length : 0;
  }

  /** Take another kind of shape; vertices that fit are kept. */
  setKind(kind: ShapeKind) {
    this.kind = kind;
    const room = kind === 'circle' ? this.vertices.slice(0, 1) : this.vertices;
    const missing = Math.max(0, FEWEST[kind] - room.length);
    this.vertices = [...room, ...Array.from({ length: missing }, positionField)];
  }

  setPositions(positions: Position[]) {
    this.vertices = positions.map((position) => {
      const field = positionField();
      field.fill(decimalDegrees(position, 6), position);
      return field;
    });
  }

  /** Type several lines at once from one vertex on, as when a list is pasted. */
  paste(index: number, lines: string[]) {
    const added = lines.map((line) => {
      const field = positionField();
      field.type(line);
      return field;
    });
    this.vertices = [...this.vertices.slice(0, index), ...added, ...this.vertices.slice(index + 1)];
  }

  addVertex() {
    this.vertices = [...this.vertices, positionField()];
  }

  removeVertex(index: number) {
    this.vertices = this.vertices.filter((_, i) => i !== index);
  }

  /** Fill from a document, which may lack parts. */
  fill(volume: PartialVolume) {
    this.#source_text = volume.source_text ?? '';
    if (volume.footprint) this.#fillFootprint(volume.footprint);
    if (volume.lower) this.lower.fill(typedAltitude(volume.lower), volume.lower);
    if (volume.upper) this.upper.fill(typedAltitude(volume.upper), volume.upper);
    if (volume.start) this.start.fill(typedTime(volume.start), volume.start);
    if (volume.end) this.end.fill(typedTime(volume.end), volume.end);
  }

  #fillFootprint(footprint: Footprint) {
    this.kind = footprint.kind;
    this.#holes = footprint.kind === 'polygon' ? footprint.rings.slice(1) : [];
    this.setPositions(footprint.kind === 'polygon' ? (footprint.rings[0] ?? []) : positionsOf(footprint));
    this.setKind(footprint.kind);
    if (footprint.kind === 'circle') this.setWidth(footprint.radius_m);
    if (footprint.kind === 'corridor') this.setWidth(footprint.half_width_m);
  }

  setWidth(width_m: number) {
    this.width_m = width_m;
    const isWhole = (unit: WidthUnit) => Math.abs((width_m / M_PER[unit]) * 100 - Math.round((width_m / M_PER[unit]) * 100)) < 1e-6;
    this.unit = isWhole('NM') ? 'NM' : isWhole('km') ? 'km' : 'm';
  }

  /** The shape as far as it is known; undefined where nothing is. */
  get footprint(): Footprint | undefined {
    const positions = this.vertices.map((field) => field.value).filter((value) => value !== null);
    if (!positions.length) return undefined;
    if (this.kind === 'polygon') return { kind: 'polygon', rings: [positions, ...this.#holes] };
    const width_m = this.width_m ?? 0;
    return this.kind === 'circle'
      ? { kind: 'circle', centre: positions[0]!, radius_m: width_m }
      : { kind: 'corridor', centreline: positions, half_width_m: width_m };
  }

  get content(): PartialVolume {
    const { footprint, lower, upper, start, end } = this;
    return {
      ...(footprint ? { footprint } : {}),
      ...(lower.value ? { lower: lower.value } : {}),
      ...(upper.value ? { upper: upper.value } : {}),
      ...(start.value ? { start: start.value } : {}),
      ...(end.value ? { end: end.value } : {}),
      ...(this.#source_text ? { source_text: this.#source_text } : {}),
    };
  }

  /** What the shape alone lacks; empty where it is whole. */
  get missingShape(): string[] {
    const read = this.vertices.filter((field) => field.value !== null).length;
    const unread = this.vertices.some((field) => field.text.trim() && field.value === null);
    return [
      read < FEWEST[this.kind] || unread ? 'positions' : '',
      this.kind !== 'polygon' && !(this.width_m && this.width_m > 0) ? 'width' : '',
    ].filter(Boolean);
  }

  /** What is still missing, in words; empty where the volume is whole. */
  get missing(): string[] {
    return [
      ...this.missingShape,
      this.lower.value ? '' : 'lower height',
      this.upper.value ? '' : 'upper height',
      this.start.value ? '' : 'start',
      this.end.value ? '' : 'end',
    ].filter(Boolean);
  }
}

/** A height as one types it: "FL240", "8000 ft QNH"; whole feet only where nothing is lost. */
export function typedAltitude(altitude: Altitude): string {
  const words = altitudeWords(altitude);
  if (words.startsWith('FL')) return words;
  const feet = altitude.value_m / M_PER_FT;
  const isWhole = Math.abs(feet - Math.round(feet)) < 1e-6;
  const datum = altitude.datum_m === null || altitude.datum_m === undefined ? '' : ` (datum ${altitude.datum_m} m)`;
  const number = isWhole ? `${Math.round(feet)} ft` : `${altitude.value_m} m`;
  return `${number} ${altitude.reference}${datum}`;
}

/** A time as one types it: a date-time group where it is a whole minute. */
export function typedTime(at: string): string {
  return msOf(at) % 60_000 === 0 ? dateTimeGroup(msOf(at)) : at;
}
