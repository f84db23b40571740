// What other USSs publish, as this node learnt it; nothing where the node is no running USS.

import { ask, problemOf, type Problem } from '../api/client';
import { OF_F3548, type LearntRecord } from '../api/f3548_types';
import type { Page } from '../api/types';
import { picture } from './picture.svelte';

const PAGE = 500;
const MOST = 1_000;
/** What others publish is no change of the node: it is looked at again by itself. */
export const AGAIN_MS = 10_000;

class OtherUss {
  items = $state.raw<LearntRecord[]>([]);
  total = $state(0);
  isLoaded = $state(false);
  problem = $state.raw<Problem | null>(null);
  #known = '';
  #asked = 0;

  of(id: string): LearntRecord | undefined {
    return this.items.find((one) => one.id === id);
  }

  /** Fetch it and keep it current; made for an effect. */
  follow(): () => void {
    void this.load();
    const timer = setInterval(() => void this.load(), AGAIN_MS);
    const stop = picture.tell((changes) => {
      if (changes.some((change) => OF_F3548.includes(change.kind))) void this.load();
    });
    return () => (clearInterval(timer), stop(), this.#drop());
  }

  async load(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const [intents, constraints] = await Promise.all([every('intents'), every('constraints')]);
      if (asked === this.#asked) this.#take([...intents.items, ...constraints.items], intents.total + constraints.total);
    } catch (error) {
      if (asked === this.#asked) this.problem = problemOf(error);
    }
  }

  #take(items: LearntRecord[], total: number) {
    [this.total, this.problem, this.isLoaded] = [total, null, true];
    // The map is drawn anew only where something is another.
    const known = JSON.stringify(items);
    if (known === this.#known) return;
    this.#known = known;
    this.items = items.sort((a, b) => a.starts.localeCompare(b.starts) || a.manager.localeCompare(b.manager) || a.id.localeCompare(b.id));
  }

  #drop() {
    this.#asked += 1;
    [this.items, this.total, this.isLoaded, this.problem, this.#known] = [[], 0, false, null, ''];
  }
}

async function every(sort: string): Promise<Page<LearntRecord>> {
  const items: LearntRecord[] = [];
  let cursor: string | undefined;
  let total = 0;
  do {
    const page = await ask<Page<LearntRecord>>(`/f3548/${sort}`, { query: { live: true, brief: true, limit: PAGE, cursor } });
    items.push(...page.items);
    [total, cursor] = [page.total, page.next ?? undefined];
  } while (cursor && items.length < MOST);
  return { items, total, next: null };
}

export const others = new OtherUss();
