// A record of talks being written: kept by the node at every pause, never shown as kept before.

import { ask, problemOf, type Problem } from '../api/client';
import { toasts } from '../picture/toasts.svelte';
import type { Shelf } from '../picture/shelf.svelte';

const SAVE_MS = 1_000;

interface Kept {
  id: string;
  version: number;
}
type Named = Record<string, unknown>;

export class RecordForm<T extends Kept> {
  content = $state() as T;
  problem = $state.raw<Problem | null>(null);
  isSaving = $state(false);
  /** What the node holds, as text; what differs from it is not kept yet. */
  #kept = $state('');
  readonly #path: string;
  readonly #shelf: Shelf<T>;
  readonly #names: string[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();

  /** `names` are the fields a person writes: what else a record tells is the node's. */
  constructor(path: string, shelf: Shelf<T>, content: T, names: (keyof T & string)[]) {
    this.content = structuredClone(content);
    this.#path = path;
    this.#shelf = shelf;
    this.#names = names;
    this.#kept = content.version ? this.#textOf(content) : '';
  }

  get isKept(): boolean {
    return this.#textOf(this.content) === this.#kept;
  }

  /** Take over what somebody else wrote, where nothing of ours stands in its way. */
  follow(newer: T | undefined) {
    if (!newer || newer.version <= this.content.version || this.isSaving || !this.isKept) return;
    this.content = structuredClone(newer);
    this.#kept = this.#textOf(newer);
  }

  /** Something was typed: keep it after a short pause. */
  soon() {
    clearTimeout(this.#timer);
    if (!this.isKept) this.#timer = setTimeout(() => void this.save(), SAVE_MS);
  }

  /** Keep it now; a second call waits for the first. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running = this.#running.then(() => this.#save());
    return this.#running;
  }

  async #save() {
    if (this.isKept) return;
    this.isSaving = true;
    const json = JSON.parse(this.#textOf(this.content)) as Partial<T>;
    const precondition = this.content.version ? { ifMatch: this.content.version } : { isNew: true };
    try {
      const kept = await ask<T>(`${this.#path}/${this.content.id}`, { method: 'PUT', json, ...precondition });
      this.content.version = kept.version;
      this.#kept = JSON.stringify(json);
      this.problem = null;
      this.#shelf.take(kept);
    } catch (error) {
      this.problem = problemOf(error);
      if (this.problem.status === 412) toasts.refuse(error);
    }
    this.isSaving = false;
  }

  #textOf(content: T): string {
    return JSON.stringify(Object.fromEntries(this.#names.map((name) => [name, (content as Named)[name]])));
  }
}
