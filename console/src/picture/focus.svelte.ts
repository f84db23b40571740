// What the person looks at: one selection for list, map, timeline and detail.

import type { Conflict, Operation } from '../api/types';
import { picture } from './picture.svelte';

export type Subject =
  | { kind: 'operation'; id: string }
  | { kind: 'zone' | 'boundary' | 'airfield'; id: string }
  /** What another USS publishes to F3548: no operation and no zone. */
  | { kind: 'intent' | 'constraint'; id: string };
export type ListName = 'answers' | 'operations' | 'airspace' | 'drafts';
export type Panel = 'none' | 'detail' | 'filing' | 'import' | 'line' | 'accounts';

class Focus {
  list = $state<ListName>('answers');
  subject = $state.raw<Subject | null>(null);
  /** Which conflict of the open answer is meant; empty for the worst. */
  conflict_id = $state('');
  panel = $state<Panel>('none');
  /** The moment the map shows; null shows every time. */
  at_ms = $state<number | null>(null);
  search = $state('');
  /** Raised whenever the map should go to the selection. */
  goes = $state(0);

  get operation(): Operation | undefined {
    const subject = this.subject;
    return subject?.kind === 'operation' ? picture.operations.get(subject.id) : undefined;
  }

  is(kind: Subject['kind'], id: string): boolean {
    return this.subject?.kind === kind && this.subject.id === id;
  }

  /** Select without opening, as moving through a list does. */
  select(subject: Subject | null) {
    if (subject && this.is(subject.kind, subject.id)) return;
    this.subject = subject;
    this.conflict_id = '';
    this.goes += 1;
  }

  /** Select and show its detail. A form with something in it is not swept away. */
  open(subject: Subject) {
    this.select(subject);
    if (this.panel !== 'filing') this.panel = 'detail';
  }

  openConflict(conflict: Conflict) {
    this.conflict_id = conflict.id;
    this.goes += 1;
  }

  close() {
    if (this.panel === 'none') this.subject = null;
    else this.panel = 'none';
  }
}

export const focus = new Focus();
