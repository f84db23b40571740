// One list of the node, fetched when somebody first looks at it and kept by its changes.

import { untrack } from 'svelte';
import { ask, problemOf, type Problem } from '../api/client';
import type { Change, Page } from '../api/types';

const MOST = 200;

type Query = Record<string, string | number | boolean | undefined>;

export class Shelf<T extends { id: string }> {
  items = $state.raw<T[]>([]);
  total = $state(0);
  isLoaded = $state(false);
  problem = $state.raw<Problem | null>(null);
  query = $state.raw<Query>({});
  readonly #path: string;
  readonly #kinds: Set<string>;
  readonly #isPaged: boolean;
  #isWanted = false;
  #isBusy = false;
  #isAgain = false;
  #asked = 0;

  constructor(path: string, kinds: string[], isPaged = true) {
    this.#path = path;
    this.#kinds = new Set(kinds);
    this.#isPaged = isPaged;
  }

  of(id: string): T | undefined {
    return this.items.find((one) => one.id === id);
  }

  /** Have it here, and keep it current from now on. */
  want(query?: Query): Promise<void> {
    // Whoever wants it in an effect does not depend on it by that alone.
    return untrack(() => this.#want(query ?? this.query));
  }

  async #want(query: Query): Promise<void> {
    const isSame = JSON.stringify(query) === JSON.stringify(this.query);
    this.query = query;
    if (this.#isWanted && isSame && this.isLoaded) return;
    this.#isWanted = true;
    await this.load();
  }

  /** Fetch it anew; an answer that a later one overtook is dropped. */
  async load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    this.#isBusy = true;
    try {
      const query = { ...(this.#isPaged ? { limit: MOST } : {}), ...this.query };
      const page = await ask<Page<T>>(this.#path, { query });
      if (asked !== this.#asked) return;
      this.items = page.items;
      this.total = page.total;
      this.isLoaded = true;
      this.problem = null;
    } catch (error) {
      if (asked === this.#asked) this.problem = problemOf(error);
    }
    if (asked !== this.#asked) return;
    this.#isBusy = false;
    if (!this.#isAgain) return;
    this.#isAgain = false;
    await this.load();
  }

  /** Take in at once what the node just answered, ahead of its change. */
  take(item: T) {
    const isKnown = this.items.some((one) => one.id === item.id);
    this.items = isKnown ? this.items.map((one) => (one.id === item.id ? item : one)) : [item, ...this.items];
    this.total = Math.max(this.total, this.items.length);
  }

  /** Fetch anew where a change touches it; while it is being fetched, once more afterwards. */
  hear(changes: Change[]) {
    if (!this.#isWanted || !changes.some((change) => this.#kinds.has(change.kind))) return;
    if (this.#isBusy) this.#isAgain = true;
    else void this.load();
  }
}
