// One list of the node, fetched when somebody first looks at it and kept by its changes.

import { untrack } from 'svelte';
import { ask, problemOf, type Problem } from '../api/client';
import type { Change, Page } from '../api/types';
import { pagesOf, type Older, type Query } from './paging';

const MOST = 200;

export class Shelf<T extends { id: string }> implements Older {
  items = $state.raw<T[]>([]);
  total = $state(0);
  isLoaded = $state(false);
  problem = $state.raw<Problem | null>(null);
  query = $state.raw<Query>({});
  readonly #path: string;
  readonly #kinds: Set<string>;
  readonly #isPaged: boolean;
  /** How many are kept here: more once somebody asked for older ones. */
  #wanted = MOST;
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

  get held(): number {
    return this.items.length;
  }

  /** Have older ones here too, from now on. */
  async older(): Promise<void> {
    this.#wanted = this.items.length + MOST;
    await this.load();
  }

  /** The same where there are any. */
  async olderIfAny(): Promise<void> {
    if (this.held < this.total) await this.older();
  }

  /** Have it here, and keep it current from now on. */
  want(query?: Query): Promise<void> {
    // Whoever wants it in an effect does not depend on it by that alone.
    return untrack(() => this.#want(query ?? this.query));
  }

  async #want(query: Query): Promise<void> {
    const isSame = JSON.stringify(query) === JSON.stringify(this.query);
    if (!isSame) this.#wanted = MOST;
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
      const page = this.#isPaged
        ? await pagesOf<T>(this.#path, this.query, MOST, this.#wanted)
        : await ask<Page<T>>(this.#path, { query: this.query });
      if (asked !== this.#asked) return;
      // What moved from page to page meanwhile is here once.
      this.items = [...new Map(page.items.map((one) => [one.id, one])).values()];
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
