// The exercise's script, where this node is in one: its steps, and what is wanted next.

import { ask, problemOf, type Problem } from '../api/client';
import { picture } from '../picture/picture.svelte';
import { toasts } from '../picture/toasts.svelte';

const POLL_MS = 1_000;

export type StepState = 'waiting' | 'running' | 'done' | 'failed';
export interface ScriptStep {
  number: number;
  title: string;
  phrase: string;
  party: string;
  explains: string;
  state: StepState;
  told: string;
}
interface ScriptRecord {
  steps: ScriptStep[];
  until: number;
  speed: number;
  wish: number;
}

class Script {
  steps = $state.raw<ScriptStep[]>([]);
  until = $state(0);
  problem = $state.raw<Problem | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #known = '';

  /** The step that runs, else the last that was done; undefined before the first. */
  get current(): ScriptStep | undefined {
    return this.steps.find((step) => step.state === 'running') ?? this.steps.findLast((step) => step.state !== 'waiting');
  }

  /** The first step of the second act, which stands for no words of the article; undefined without one. */
  get secondAct(): ScriptStep | undefined {
    const last = this.steps.findLastIndex((step) => step.phrase);
    return last < 0 ? undefined : this.steps[last + 1];
  }

  get next(): ScriptStep | undefined {
    return this.steps.find((step) => step.state === 'waiting');
  }

  get isPlaying(): boolean {
    return this.steps.some((step) => step.state === 'running') || (this.next !== undefined && this.until >= this.next.number);
  }

  /** Look every second from now on; made for an effect. */
  follow(): () => void {
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), POLL_MS);
    return () => clearInterval(this.#timer);
  }

  async wish(until: number, speed: number) {
    try {
      this.#take(await ask<ScriptRecord>('/exercise/wish', { method: 'PUT', json: { until, speed } }));
    } catch (error) {
      toasts.refuse(error);
    }
  }

  async #look() {
    try {
      this.#take(await ask<ScriptRecord>('/exercise'));
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  #take(record: ScriptRecord) {
    this.until = record.until;
    const text = JSON.stringify(record.steps);
    if (text === this.#known) return;
    this.steps = record.steps;
    // A step may have turned the node's clock.
    if (this.#known) void picture.readNode();
    this.#known = text;
  }
}

export const script = new Script();
