// One thing of the node, fetched when somebody looks at it and again when a change touches it.

import { ask, problemOf, type Problem } from '../api/client';
import type { Change, Page } from '../api/types';
import { pagesOf, type Older, type Query } from './paging';
import { picture } from './picture.svelte';

export class Fetched<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  protected readonly path: string;
  readonly #kinds: Set<string>;
  #asked = 0;

  constructor(path: string, kinds: string[]) {
    this.path = path;
    this.#kinds = new Set(kinds);
  }

  /** Fetch it; an answer that a later one overtook is dropped. */
  async load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const value = await this.get();
      if (asked === this.#asked) [this.value, this.problem] = [value, null];
    } catch (error) {
      if (asked === this.#asked) this.problem = problemOf(error);
    }
  }

  protected get(): Promise<T> {
    return ask<T>(this.path);
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

/** The same of a list in pages: the newest, and older ones when somebody asks for them. */
export class FetchedPages<T> extends Fetched<Page<T>> implements Older {
  readonly #size: number;
  readonly #query: Query;
  #wanted: number;

  constructor(path: string, kinds: string[], size: number, query: Query = {}) {
    super(path, kinds);
    [this.#size, this.#wanted, this.#query] = [size, size, query];
  }

  get items(): T[] {
    return this.value?.items ?? [];
  }

  get held(): number {
    return this.items.length;
  }

  get total(): number {
    return this.value?.total ?? 0;
  }

  /** Have older ones here too, from now on. */
  async older(): Promise<void> {
    this.#wanted = this.held + this.#size;
    await this.load();
  }

  protected override get(): Promise<Page<T>> {
    return pagesOf<T>(this.path, this.#query, this.#size, this.#wanted);
  }
}
