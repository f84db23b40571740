// What a pressed key does. No single key files, sends, ends or cancels anything.

import { form } from '../filing/form.svelte';
import { walker } from '../lists/walker';
import { drawing } from '../map/drawing.svelte';
import { contact } from '../picture/contact.svelte';
import { clock } from '../picture/clock.svelte';
import { focus, type ListName } from '../picture/focus.svelte';
import { pane } from '../picture/pane.svelte';
import { picture } from '../picture/picture.svelte';
import { settings } from '../picture/settings.svelte';
import { toasts } from '../picture/toasts.svelte';
import { actionOf, nameOf, type Action } from './table';

const STEP_MS = 600_000;
const TYPED = 'input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select';
const PRESSED = 'button, a, summary, input, select, textarea';

function look(by_ms: number) {
  focus.at_ms = Math.round(((focus.at_ms ?? clock.now_ms) + by_ms) / 60_000) * 60_000;
}

function back(target: Element) {
  if (drawing.isActive) drawing.cancel();
  else if (target.id === 'search' && focus.search) focus.search = '';
  else if (focus.panel === 'filing') form.leave();
  else {
    focus.close();
    walker.focus();
  }
}

const go = (id: string) => document.getElementById(id)?.focus();
const list = (name: ListName) => () => (focus.list = name);

const ACTIONS: Partial<Record<Action, (target: Element) => unknown>> = {
  search: () => go('search'),
  next: () => walker.move(1),
  previous: () => walker.move(-1),
  open: () => walker.open(),
  back,
  answers: list('answers'),
  operations: list('operations'),
  airspace: list('airspace'),
  drafts: list('drafts'),
  new: () => form.start(),
  import: () => form.leave('import'),
  suggest: () => document.getElementById('ask-for-changes')?.click(),
  earlier: () => look(-STEP_MS),
  later: () => look(STEP_MS),
  now: () => look(clock.now_ms - (focus.at_ms ?? clock.now_ms)),
  'all times': () => (focus.at_ms = null),
  line: () => pane.toggle(),
  f3548: () => (picture.isUss ? pane.show('f3548') : toasts.say('This node is no running USS.')),
  accounts: () => form.leave(focus.panel === 'accounts' ? 'none' : 'accounts'),
  'next alarm': () => contact.nextAlarm(),
  'take alarm': () => contact.openAlarm(),
  silence: () => contact.silence(),
  labels: () => (settings.showsLabels = !settings.showsLabels),
  colours: () => settings.nextColours(),
  map: () => document.querySelector<HTMLElement>('#map canvas')?.focus(),
  file: () => (focus.panel === 'filing' ? form.file() : focus.panel === 'line' ? document.getElementById('release')?.click() : undefined),
  undo: () => (focus.panel === 'filing' ? form.stepDraft('undo') : undefined),
  redo: () => (focus.panel === 'filing' ? form.stepDraft('redo') : undefined),
};

/** Do what the key says; `showCard` opens the card of keys. */
export function press(event: KeyboardEvent, showCard: () => void) {
  const target = event.target as Element;
  if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
  const action = actionOf(nameOf(event), target.matches(TYPED), settings.hasSingleKeys);
  if (!action || (action === 'open' && target.matches(PRESSED))) return;
  event.preventDefault();
  if (action === 'card') showCard();
  else ACTIONS[action]?.(target);
}
