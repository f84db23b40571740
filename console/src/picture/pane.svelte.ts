// Where a person is in the pane of the line: which part of it, and what is open there.

import type { DraftContent } from '../api/line_types';
import { form } from '../filing/form.svelte';
import { focus } from './focus.svelte';

export type Part = 'messages' | 'calls' | 'consultations' | 'readouts' | 'asked' | 'units' | 'movements' | 'paper' | 'presence' | 'state' | 'watch' | 'log' | 'keys' | 'f3548';

class Pane {
  part = $state<Part>('messages');
  /** The line in view; empty for the first there is. */
  line_id = $state('');
  /** What is open in each part, by its id; empty for none. */
  open = $state<Record<Part, string>>({ messages: '', calls: '', consultations: '', readouts: '', asked: '', units: '', movements: '', paper: '', presence: '', state: '', watch: '', log: '', keys: '', f3548: '' });

  /** A readout that was asked for: of which talk. */
  readout_wanted = $state.raw<{ kind: 'call' | 'consultation'; about: string } | null>(null);

  /** Whether the open message should at once show what it asks for. */
  asks_act = $state(false);
  /** A message that was asked to be written; `isCoarse`: no finer than the levels allow. */
  draft_wanted = $state.raw<({ code: string; isCoarse: boolean } & Partial<DraftContent>) | null>(null);

  get isShown(): boolean {
    return focus.panel === 'line';
  }

  /** Show a part of the line; a form of the sky that stands unfiled asks first. */
  show(part: Part = this.part, id?: string, line_id?: string) {
    this.part = part;
    if (id !== undefined) this.open[part] = id;
    if (line_id) this.line_id = line_id;
    if (!this.isShown) form.leave('line');
  }

  newReadout(kind: 'call' | 'consultation', about: string) {
    this.readout_wanted = { kind, about };
    this.show('readouts');
  }

  /** Write a message; `content` is what it begins with. */
  compose(code: string, content: Partial<DraftContent> = {}, isCoarse = false) {
    this.show('messages');
    this.draft_wanted = { code, isCoarse, ...content };
  }

  /** Tell the other party of a conflict, with what the answer knows, as coarse as the levels ask. */
  advise(line: string, fields: Record<string, unknown>) {
    this.compose('M07', { line, fields }, true);
  }

  toggle() {
    if (this.isShown) focus.panel = 'none';
    else this.show();
  }
}

export const pane = new Pane();
