// What the node knows, as this console last heard it: fetched once, then kept by its changes.
// Nothing shows here before the node said it.

import { ask, problemOf, type Problem } from '../api/client';
import { follow } from '../api/events';
import { OF_F3548 } from '../api/f3548_types';
import type {
  Agreement,
  Airfield,
  Answer,
  AnswerPage,
  Boundary,
  Change,
  Coverage,
  Draft,
  NodeState,
  Operation,
  Page,
  Verdict,
  Zone,
} from '../api/types';
import { clock } from './clock.svelte';
import { toasts } from './toasts.svelte';

const PAGE = 500;
export const MOST_OPERATIONS = 2_000;
const MOST_ANSWERS = 500;
const GATHER_MS = 200;
const FEW_CHANGES = 12;
const NODE_AGAIN_MS = 60_000;
const PENDING_MS = 1_000;

/** Kinds of changes that touch no list of the sky: those of the line, and of F3548. */
export const OF_THE_LINE = new Set(
  [...'message check call consultation readout request posture watch note contact signature quarantine'.split(' '), ...OF_F3548],
);

export type Connection = 'connecting' | 'live' | 'reconnecting';

class Picture {
  node = $state.raw<NodeState | null>(null);
  answers = $state.raw<Answer[]>([]);
  answers_total = $state(0);
  /** How many of our operations the node has not answered yet. */
  answers_pending = $state(0);
  counts = $state.raw<Record<Verdict, number>>({ conflict: 0, 'cannot say': 0, 'no conflict found': 0 });
  operations = $state.raw(new Map<string, Operation>());
  operations_total = $state(0);
  zones = $state.raw<Zone[]>([]);
  boundaries = $state.raw<Boundary[]>([]);
  airfields = $state.raw<Airfield[]>([]);
  coverages = $state.raw<Coverage[]>([]);
  agreements = $state.raw<Agreement[]>([]);
  drafts = $state.raw<Draft[]>([]);
  connection = $state<Connection>('connecting');
  lost_ms = $state(0);
  isLoaded = $state(false);
  needsToken = $state(false);
  problem = $state.raw<Problem | null>(null);

  #stop: AbortController | undefined;
  #listeners = new Set<(changes: Change[]) => void>();
  #waiting = new Map<string, Change>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isCatchingUp = false;
  #pendingTimer: ReturnType<typeof setTimeout> | undefined;
  #nodeTimer: ReturnType<typeof setInterval> | undefined;

  /** Whether the node is a running USS of F3548. */
  get isUss(): boolean {
    return this.node?.is_uss ?? false;
  }

  get party(): string {
    return this.node?.party ?? '';
  }

  get attention(): number {
    return this.counts.conflict + this.counts['cannot say'];
  }

  isOwn(operation: { party: string }): boolean {
    return operation.party === this.party;
  }

  answerOf(id: string): Answer | undefined {
    return this.answers.find((answer) => answer.operation.id === id);
  }

  /** Fetch everything, then follow the changes. Again after signing in. */
  async start() {
    this.#stop?.abort();
    this.#stop = new AbortController();
    try {
      await this.#loadNode();
      const since = this.node?.change ?? 0;
      await Promise.all([this.#loadAnswers(), this.#loadOperations(), this.#loadAirspace(), this.loadDrafts()]);
      this.needsToken = false;
      this.problem = null;
      this.isLoaded = true;
      void this.#follow(since, this.#stop.signal);
      clearInterval(this.#nodeTimer);
      this.#nodeTimer = setInterval(() => void this.#quietly(() => this.#loadNode()), NODE_AGAIN_MS);
    } catch (error) {
      this.#trouble(error);
    }
  }

  /** Read anew what the node says of itself, its time above all. */
  async readNode() {
    await this.#quietly(() => this.#loadNode());
  }

  /** Tell somebody of every change; made for an effect. */
  tell(listener: (changes: Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async loadDrafts() {
    this.drafts = (await ask<Page<Draft>>('/drafts', { query: { limit: PAGE } })).items;
  }

  /** Take in at once what the node just answered, ahead of its change. */
  take(operation: Operation) {
    const known = this.operations.get(operation.id);
    if (known && known.version > operation.version) return;
    const operations = new Map(this.operations);
    if (operation.state === 'ended') operations.delete(operation.id);
    else operations.set(operation.id, operation);
    this.operations_total += operations.size - this.operations.size;
    this.operations = operations;
  }

  async #loadNode() {
    const asked_ms = Date.now();
    this.node = await ask<NodeState>('/node');
    clock.set(this.node.now, asked_ms, this.node.is_clock_set);
  }

  async #loadAnswers() {
    const page = await ask<AnswerPage>('/answers', { query: { show: 'all', limit: MOST_ANSWERS } });
    this.answers = page.items;
    this.answers_total = page.total;
    this.counts = page.counts;
    this.answers_pending = page.pending;
    clearTimeout(this.#pendingTimer);
    if (page.pending) this.#pendingTimer = setTimeout(() => void this.#quietly(() => this.#loadAnswers()), PENDING_MS);
  }

  async #loadOperations() {
    const operations = new Map<string, Operation>();
    let cursor: string | undefined;
    do {
      const query = { state: 'live', limit: PAGE, cursor };
      const page = await ask<Page<Operation>>('/operations', { query });
      for (const operation of page.items) operations.set(operation.id, operation);
      this.operations_total = page.total;
      cursor = page.next ?? undefined;
    } while (cursor && operations.size < MOST_OPERATIONS);
    this.operations = operations;
  }

  async #loadAirspace() {
    const list = async <T extends { live?: boolean }>(path: string) => {
      const page = await ask<Page<T>>(path, { query: { limit: PAGE } });
      return page.items.filter((one) => one.live !== false);
    };
    const [zones, boundaries, airfields, coverages] = await Promise.all([
      list<Zone>('/zones'),
      list<Boundary>('/boundaries'),
      list<Airfield>('/airfields'),
      list<Coverage>('/coverages'),
    ]);
    const binding = (this.node?.agreements ?? []).filter((one) => one.in_force);
    const agreements = await Promise.all(
      binding.map((one) => ask<Agreement>(`/agreements/${encodeURIComponent(one.id)}/versions/${one.version}`)),
    );
    this.agreements = agreements;
    this.coverages = coverages;
    this.zones = firstOfEach([...zones, ...agreements.flatMap((one) => one.zones)]);
    this.boundaries = firstOfEach([...boundaries, ...agreements.flatMap((one) => one.boundaries)]);
    this.airfields = firstOfEach([...airfields, ...agreements.flatMap((one) => one.airfields)]);
  }

  #follow(since: number, signal: AbortSignal) {
    return follow(
      since,
      {
        onLive: () => (this.connection = 'live'),
        onLost: (status) => {
          if (this.connection !== 'reconnecting') this.lost_ms = clock.now_ms;
          this.connection = 'reconnecting';
          this.needsToken ||= status === 401;
        },
        onChange: (change) => {
          // The node never reached our last change, as after a backup was restored.
          if (change.action === 'resync') return void this.start();
          this.#waiting.set(`${change.kind} ${change.id}`, change);
          this.#catchUpSoon();
        },
      },
      signal,
    );
  }

  /** One round after the other, however fast changes come: none is put off for ever. */
  #catchUpSoon() {
    if (this.#timer || this.#isCatchingUp) return;
    this.#timer = setTimeout(async () => {
      this.#timer = undefined;
      this.#isCatchingUp = true;
      await this.#quietly(() => this.#catchUp());
      this.#isCatchingUp = false;
      if (this.#waiting.size) this.#catchUpSoon();
    }, GATHER_MS);
  }

  /** Fetch what the gathered changes touched: single operations where they are few. */
  async #catchUp() {
    const changes = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const listener of this.#listeners) listener(changes);
    const operations = changes.filter((change) => change.kind === 'operation');
    const ofSky = changes.filter((change) => !OF_THE_LINE.has(change.kind));
    const work: Promise<unknown>[] = [this.#loadNode()];
    if (ofSky.length) work.push(this.#loadAnswers());
    if (operations.length > FEW_CHANGES) work.push(this.#loadOperations());
    else work.push(...operations.map((change) => this.#loadOperation(change.id)));
    if (operations.length < ofSky.length) work.push(this.#loadAirspace(), this.loadDrafts());
    await Promise.all(work);
  }

  async #loadOperation(id: string) {
    this.take(await ask<Operation>(`/operations/${id}`));
  }

  async #quietly(work: () => Promise<unknown>) {
    try {
      await work();
    } catch (error) {
      this.#trouble(error);
    }
  }

  #trouble(error: unknown) {
    const problem = problemOf(error);
    if (problem.status === 401) this.needsToken = true;
    else if (!this.isLoaded) this.problem = problem;
    else if (this.connection === 'live') toasts.refuse(problem);
  }
}

/** What was declared stands before what an agreement says under the same id. */
function firstOfEach<T extends { id: string }>(things: T[]): T[] {
  return [...new Map([...things].reverse().map((one) => [one.id, one])).values()].reverse();
}

export const picture = new Picture();
