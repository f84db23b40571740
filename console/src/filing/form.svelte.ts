// The form in which an operation is written or changed. What stands in it is a proposal: it
// shows as filed only when the node answered.

import { ask, problemOf, type Problem } from '../api/client';
import type { Answer, Draft, Filed, Operation, OperationClass, PartialPlan, Plan, Volume } from '../api/types';
import { focus, type Panel } from '../picture/focus.svelte';
import { picture } from '../picture/picture.svelte';
import { toasts } from '../picture/toasts.svelte';
import { answerWords, plain } from '../words/answers';
import { VolumeForm } from './volume.svelte';

const SAVE_MS = 800;
const CHECK_MS = 400;

class FilingForm {
  id = $state('');
  designator = $state('');
  class = $state<OperationClass>('manned');
  category = $state('other');
  contact = $state('');
  tolerance_min = $state(0);
  entries = $state<string[]>([]);
  crossings = $state<string[]>([]);
  volumes = $state.raw<VolumeForm[]>([]);
  note = $state('');
  draft = $state.raw<Draft | null>(null);
  changing = $state.raw<Operation | null>(null);
  answer = $state.raw<Answer | null>(null);
  problem = $state.raw<Problem | null>(null);
  step = $state<'idle' | 'checking' | 'filing'>('idle');
  /** What was asked for while a change stood unfiled; waits for a person's word. */
  waiting = $state.raw<(() => void) | null>(null);
  #rest: PartialPlan = {};
  #known = '';
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  #checked: AbortController | undefined;
  #saving: Promise<void> = Promise.resolve();

  /** The document as far as it is known. */
  get content(): PartialPlan {
    return {
      ...this.#rest,
      id: this.id,
      ...(this.designator.trim() ? { designator: this.designator.trim() } : {}),
      class: this.class,
      category: this.category,
      contact: this.contact.trim(),
      tolerance_s: Math.max(0, Number(this.tolerance_min) || 0) * 60,
      entries: [...this.entries],
      crossings: [...this.crossings],
      volumes: this.volumes.map((volume) => volume.content) as Volume[],
    };
  }

  get missing(): string[] {
    const ofVolumes = this.volumes.flatMap((volume, i) =>
      volume.missing.map((name) => `${name} of volume ${i + 1}`),
    );
    return [this.designator.trim() ? '' : 'designator', ...ofVolumes].filter(Boolean);
  }

  get isChanged(): boolean {
    return this.changing !== null && JSON.stringify(this.content) !== this.#known;
  }

  /** Write a new operation. */
  start() {
    this.#leaveFor(() => {
      this.#open({}, crypto.randomUUID());
    });
  }

  /** Go on with a draft. */
  resume(draft: Draft) {
    this.#leaveFor(() => {
      this.#open(draft.content, draft.id);
      this.draft = draft;
    });
  }

  /** Change an operation that stands filed, perhaps with volumes already moved. */
  change(operation: Operation, volumes: Volume[] = operation.volumes, note = '') {
    this.#leaveFor(() => {
      this.#open(operation, operation.id);
      this.changing = operation;
      this.#fill({ ...operation, volumes });
      this.note = note;
    });
  }

  addVolume() {
    const volume = new VolumeForm();
    const last = this.volumes.at(-1);
    if (last) {
      const { lower, upper, start, end } = last.content;
      volume.fill({ ...(lower && { lower }), ...(upper && { upper }), ...(start && { start }), ...(end && { end }) });
    }
    this.volumes = [...this.volumes, volume];
  }

  removeVolume(volume: VolumeForm) {
    this.volumes = this.volumes.filter((one) => one !== volume);
  }

  /** The content changed: keep it as a draft, and check it, each after a short pause. */
  onContent(text: string) {
    if (!this.changing && text !== this.#known) {
      clearTimeout(this.#saveTimer);
      this.#saveTimer = setTimeout(() => void this.save(), SAVE_MS);
    }
    clearTimeout(this.#checkTimer);
    this.#checked?.abort();
    this.answer = null;
    this.step = 'idle';
    if (!this.missing.length) this.#checkTimer = setTimeout(() => void this.check(), CHECK_MS);
  }

  /** Ask what the node would answer; nothing is stored. */
  async check(suggest = false) {
    this.#checked = new AbortController();
    const { signal } = this.#checked;
    this.step = 'checking';
    try {
      const json = this.content;
      const said = await ask<{ answer: Answer }>('/checks', { method: 'POST', json, query: { suggest }, signal });
      if (signal.aborted) return;
      this.answer = said.answer;
      this.problem = null;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = problemOf(error);
    }
    this.step = 'idle';
  }

  /** Keep the draft now; a second call waits for the first. */
  save(): Promise<void> {
    clearTimeout(this.#saveTimer);
    const text = JSON.stringify(this.content);
    if (!this.id || this.changing || text === this.#known) return this.#saving;
    this.#saving = this.#saving.then(() => this.#put(JSON.parse(text) as PartialPlan, text));
    return this.#saving;
  }

  async #put(json: PartialPlan, text: string) {
    const id = json.id ?? '';
    const known = this.draft?.id === id ? this.draft : null;
    try {
      const precondition = known ? { ifMatch: known.version } : { isNew: true };
      const draft = await ask<Draft>(`/drafts/${id}`, { method: 'PUT', json, ...precondition });
      if (this.id === id) {
        this.draft = draft;
        this.#known = text;
      }
      await picture.loadDrafts();
    } catch (error) {
      toasts.refuse(error);
    }
  }

  /** One step back or on in the draft's saved revisions. */
  async stepDraft(which: 'undo' | 'redo') {
    await this.save();
    const draft = this.draft;
    if (!draft || !(which === 'undo' ? draft.can_undo : draft.can_redo)) return;
    try {
      const stepped = await ask<Draft>(`/drafts/${draft.id}/${which}`, { method: 'POST' });
      this.#fill(stepped.content);
      this.draft = stepped;
      this.#known = JSON.stringify(this.content);
    } catch (error) {
      toasts.refuse(error);
    }
  }

  /** File it: only what the node then answers counts. */
  async file() {
    if (this.missing.length || this.step === 'filing') return;
    this.step = 'filing';
    this.problem = null;
    try {
      const filed = await this.#file();
      picture.take(filed.operation);
      toasts.say(`${plain(filed.operation.designator, 40)} filed, version ${filed.operation.version}${filed.answer ? `: ${answerWords(filed.answer)}` : ''}.`);
      this.#empty();
      focus.panel = 'detail';
      focus.list = 'answers';
      focus.open({ kind: 'operation', id: filed.operation.id });
      await picture.loadDrafts();
    } catch (error) {
      this.problem = problemOf(error);
    }
    this.step = 'idle';
  }

  async #file(): Promise<Filed> {
    if (this.changing) {
      const json = this.content as Plan;
      return ask<Filed>(`/operations/${this.id}`, { method: 'PUT', json, ifMatch: this.changing.version });
    }
    await this.save();
    return ask<Filed>(`/drafts/${this.id}/file`, { method: 'POST' });
  }

  /** Drop the draft, or the change, for good. */
  async drop() {
    clearTimeout(this.#saveTimer);
    // What is being kept just now has to be there before it can be dropped.
    await this.#saving;
    const draft = this.draft;
    this.#empty();
    focus.panel = 'none';
    if (!draft) return;
    try {
      await ask<void>(`/drafts/${draft.id}`, { method: 'DELETE', ifMatch: draft.version });
      await picture.loadDrafts();
    } catch (error) {
      toasts.refuse(error);
    }
  }

  /** Close the form for another panel; a draft is kept, an unfiled change asks first. */
  leave(panel: Panel = focus.subject ? 'detail' : 'none') {
    this.#leaveFor(() => {
      this.#empty();
      focus.panel = panel;
    });
  }

  #leaveFor(next: () => void) {
    if (this.isChanged) {
      this.waiting = next;
      return;
    }
    void this.save();
    next();
  }

  #open(content: PartialPlan, id: string) {
    this.#empty();
    this.id = id;
    this.#fill(content);
    this.#known = JSON.stringify(this.content);
    focus.panel = 'filing';
  }

  #empty() {
    clearTimeout(this.#saveTimer);
    clearTimeout(this.#checkTimer);
    this.#checked?.abort();
    Object.assign(this, { id: '', draft: null, changing: null, answer: null, problem: null, note: '', waiting: null });
    this.#fill({});
    this.#known = JSON.stringify(this.content);
  }

  #fill(content: PartialPlan) {
    this.#rest = untouched(content);
    this.designator = content.designator ?? '';
    this.class = content.class ?? 'manned';
    this.category = content.category ?? 'other';
    this.contact = content.contact ?? '';
    this.tolerance_min = (content.tolerance_s ?? 0) / 60;
    this.entries = content.entries ?? [];
    this.crossings = content.crossings ?? [];
    const filled = (content.volumes ?? []).map((volume) => {
      const made = new VolumeForm();
      made.fill(volume);
      return made;
    });
    this.volumes = filled.length ? filled : [new VolumeForm()];
  }
}

/** The parts that the form does not show: kept as they are, but never the server's own fields. */
function untouched(content: PartialPlan): PartialPlan {
  const { level, uncertainty, precedence, member, aircraft_count, priority, source_text } = content;
  const kept = { level, uncertainty, precedence, member, aircraft_count, priority, source_text };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)) as PartialPlan;
}

export const form = new FilingForm();
