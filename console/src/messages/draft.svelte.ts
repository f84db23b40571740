// A message being written: kept as a draft at every pause; nobody is told before it is released.

import { ask, problemOf, type Problem } from '../api/client';
import type { DraftContent, MessageDocument, MessageRecord, MessageType, TellingCaution } from '../api/line_types';
import type { Second } from '../picture/accounts.svelte';
import { contact } from '../picture/contact.svelte';

const SAVE_MS = 600;

/** A message as it begins, of a type and with what is known already. */
export function newDraft(type: MessageType, line: string, known: Partial<DraftContent>): DraftContent {
  return {
    code: type.code, line, to_role: 'duty officer', precedence: type.precedence, no_duff: false, valid: null, supersedes: null,
    refs: [], fields: {}, remark: '', renderings: {}, ...known,
  };
}

/** What a person wrote of a document. */
export function writtenOf(document: MessageDocument): DraftContent {
  const { code, line, to_role, precedence, no_duff, valid, supersedes, refs, fields, remark, renderings } = document;
  return { code, line, to_role, precedence, no_duff, valid, supersedes, refs, fields, remark, renderings };
}

export class DraftForm {
  readonly id: string;
  content = $state() as DraftContent;
  /** The draft as the node last told it; null before it was kept. */
  record = $state.raw<MessageRecord | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** What stood in a field before it was written as coarse as the level asks, by the field. */
  exact = $state.raw<Record<string, unknown>>({});
  isSaving = $state(false);
  isReleasing = $state(false);
  #kept = $state('');
  /** Whether the node's coarser words are to be taken as soon as it told them. */
  #isCoarse: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(id: string, content: DraftContent, record: MessageRecord | null = null, isCoarse = false) {
    this.id = id;
    this.#isCoarse = isCoarse;
    this.content = structuredClone(content);
    this.record = record;
    this.#kept = record ? JSON.stringify(content) : '';
  }

  get isKept(): boolean {
    return JSON.stringify(this.content) === this.#kept;
  }

  /** What stands against a place, in words; empty where nothing does. */
  problemAt(place: string): string {
    const found = this.record?.problems.filter((one) => one.place === place) ?? [];
    return found.map((one) => one.text).join(' ');
  }

  /** Write a part as the level allows it, as far as the node knows how. */
  coarsen({ place, instead }: TellingCaution) {
    const key = place.replace('fields.', '');
    if (instead === null || key === place) return;
    const exact = this.exact[key] ?? $state.snapshot(this.content.fields)[key];
    this.set(key, instead);
    this.exact = { ...this.exact, [key]: exact };
  }

  /** Write a part again as it was. */
  sharpen(key: string) {
    this.set(key, this.exact[key]);
  }

  /** What a person writes into a field is theirs: nothing coarser or finer is kept of it. */
  set(key: string, value: unknown) {
    const { [key]: _, ...exact } = this.exact;
    this.exact = exact;
    const fields = { ...this.content.fields };
    if (value === null || value === undefined) delete fields[key];
    else fields[key] = value;
    this.content.fields = fields;
  }

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
    if (this.isKept || this.isReleasing) return;
    this.isSaving = true;
    const text = JSON.stringify(this.content);
    const precondition = this.record ? { ifMatch: this.record.version } : { isNew: true };
    try {
      this.record = await ask<MessageRecord>(`/messages/${this.id}`, { method: 'PUT', json: JSON.parse(text), ...precondition });
      this.#kept = text;
      this.problem = null;
      contact.messages.take(this.record);
      // What somebody wrote over meanwhile is left to them.
      if (this.#isCoarse && text === JSON.stringify(this.content)) this.record.cautions.forEach((one) => this.coarsen(one));
      this.#isCoarse = false;
    } catch (error) {
      this.problem = problemOf(error);
    }
    this.isSaving = false;
  }

  /** Release it: only what the node then answers counts. */
  async release(role: string, second: Second, text: string, confirmed: string[] = []): Promise<MessageRecord | null> {
    await this.save();
    if (!this.isKept) return null;
    this.isReleasing = true;
    try {
      const json = { kind: 'release', role, second, text, confirmed, version: this.record?.version };
      const released = await ask<MessageRecord>(`/messages/${this.id}/acts/${crypto.randomUUID()}`, { method: 'PUT', json });
      contact.messages.take(released);
      return released;
    } catch (error) {
      this.problem = problemOf(error);
      return null;
    } finally {
      this.isReleasing = false;
    }
  }

  async drop() {
    clearTimeout(this.#timer);
    await this.#running;
    if (!this.record) return;
    await ask(`/messages/${this.id}`, { method: 'DELETE', ifMatch: this.record.version });
    await contact.messages.load();
  }
}
