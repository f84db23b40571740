// A field that a person types and the node reads: what it understood is read back.

import { ask, problemOf } from '../api/client';
import type { Altitude, AltitudeReading, Position, PositionReading, TimeReading } from '../api/types';

const PAUSE_MS = 250;

interface Read<T> {
  value: T;
  readback: string[];
}

export class TypedField<T> {
  text = $state('');
  /** What was understood; null while nothing is, or while it is being read. */
  value = $state.raw<T | null>(null);
  readback = $state.raw<string[]>([]);
  problem = $state('');
  readonly #read: (text: string, signal: AbortSignal) => Promise<Read<T>>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | undefined;

  constructor(read: (text: string, signal: AbortSignal) => Promise<Read<T>>) {
    this.#read = read;
  }

  /** A person typed: nothing is understood until the node said so. */
  type(text: string) {
    this.text = text;
    this.value = null;
    this.#later(true);
  }

  /** The value is known, from the map or a document; only the readback is asked for. */
  fill(text: string, value: T) {
    this.text = text;
    this.value = value;
    this.#later(false);
  }

  #later(isNew: boolean) {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.problem = '';
    this.readback = [];
    if (this.text.trim()) this.#timer = setTimeout(() => void this.#ask(isNew), PAUSE_MS);
  }

  async #ask(isNew: boolean) {
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    try {
      const read = await this.#read(this.text.trim(), signal);
      if (signal.aborted) return;
      if (isNew) this.value = read.value;
      this.readback = read.readback;
    } catch (error) {
      if (signal.aborted) return;
      const problem = problemOf(error);
      if (isNew) this.problem = [problem.message, problem.remedy].filter(Boolean).join(' ');
    }
  }
}

const reading = <R>(json: object, signal: AbortSignal) =>
  ask<R>('/readings', { method: 'POST', json, signal });

export const positionField = () =>
  new TypedField<Position>(async (coordinates, signal) => {
    const read = await reading<PositionReading>({ coordinates }, signal);
    return { value: read.position, readback: [...read.readback, read.place].filter(Boolean) };
  });

export const altitudeField = () =>
  new TypedField<Altitude>(async (altitude, signal) => {
    const read = await reading<AltitudeReading>({ altitude }, signal);
    return { value: read.altitude, readback: read.readback };
  });

export const timeField = () =>
  new TypedField<string>(async (time, signal) => {
    const read = await reading<TimeReading>({ time }, signal);
    return { value: read.time, readback: read.readback };
  });
