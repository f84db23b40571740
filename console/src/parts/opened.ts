// What was asked for by name, as by an alarm, comes into sight and takes the focus, once.

import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { pane, type Part } from '../picture/pane.svelte';

export const opened =
  (part: Part, id: string): Attachment<HTMLElement> =>
  (node) => {
    if (pane.open[part] !== id) return;
    untrack(() => (pane.open[part] = ''));
    node.tabIndex = -1;
    node.focus();
    node.scrollIntoView({ block: 'nearest' });
  };
