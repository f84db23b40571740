// Short notes on what was done, said politely; refusals stay until a person closes them.

import { problemOf, type Problem } from '../api/client';

const SHOWN_MS = 8_000;

export interface Toast {
  id: number;
  text: string;
  problem: Problem | null;
}

class Toasts {
  list = $state.raw<Toast[]>([]);
  #count = 0;

  say(text: string) {
    const id = this.#add({ text, problem: null });
    setTimeout(() => this.close(id), SHOWN_MS);
  }

  refuse(thrown: unknown) {
    const problem = problemOf(thrown);
    const isShown = this.list.some((one) => one.problem?.message === problem.message);
    if (!isShown) this.#add({ text: problem.title, problem });
  }

  close(id: number) {
    this.list = this.list.filter((one) => one.id !== id);
  }

  #add(toast: Omit<Toast, 'id'>): number {
    this.#count += 1;
    this.list = [...this.list.slice(-3), { ...toast, id: this.#count }];
    return this.#count;
  }
}

export const toasts = new Toasts();
