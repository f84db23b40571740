// One thing of the node, fetched when somebody looks at it and again when a change touches it.

import { ask, problemOf, type Problem } from '../api/client';
import type { Change } from '../api/types';
import { picture } from './picture.svelte';

export class Fetched<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  readonly #path: string;
  readonly #kinds: Set<string>;
  #asked = 0;

  constructor(path: string, kinds: string[]) {
    this.#path = path;
    this.#kinds = new Set(kinds);
  }

  /** Fetch it; an answer that a later one overtook is dropped. */
  async load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const value = await ask<T>(this.#path);
      if (asked === this.#asked) [this.value, this.problem] = [value, null];
    } catch (error) {
      if (asked === this.#asked) this.problem = problemOf(error);
    }
  }

  /** What the node just answered, ahead of its change. */
  take(value: T) {
    this.#asked += 1;
    [this.value, this.problem] = [value, null];
  }

  /** Fetch it and keep it current; made for an effect. */
  follow(): () => void {
    void this.load();
    return picture.tell((changes: Change[]) => {
      if (changes.some((change) => this.#kinds.has(change.kind))) void this.load();
    });
  }
}
