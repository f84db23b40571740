// Every key of the console. The card, the documents and the tests are made from this table.

export interface Key {
  keys: string;
  does: string;
  action: Action;
  where: 'anywhere' | 'lists' | 'form' | 'map';
}

export type Action =
  | 'card'
  | 'search'
  | 'next'
  | 'previous'
  | 'open'
  | 'back'
  | 'answers'
  | 'operations'
  | 'airspace'
  | 'drafts'
  | 'new'
  | 'import'
  | 'suggest'
  | 'line'
  | 'f3548'
  | 'accounts'
  | 'next alarm'
  | 'take alarm'
  | 'silence'
  | 'earlier'
  | 'later'
  | 'now'
  | 'all times'
  | 'labels'
  | 'colours'
  | 'map'
  | 'file'
  | 'undo'
  | 'redo'
  | 'add vertex'
  | 'remove vertex'
  | 'finish shape';

export const KEYS: Key[] = [
  { keys: '?', does: 'show this card', action: 'card', where: 'anywhere' },
  { keys: '/', does: 'search the list', action: 'search', where: 'anywhere' },
  { keys: 'j', does: 'next in the list', action: 'next', where: 'lists' },
  { keys: 'k', does: 'previous in the list', action: 'previous', where: 'lists' },
  { keys: 'Enter', does: 'open what is selected', action: 'open', where: 'lists' },
  { keys: 'Esc', does: 'close the panel, then drop the selection', action: 'back', where: 'anywhere' },
  { keys: '1', does: 'list of answers', action: 'answers', where: 'anywhere' },
  { keys: '2', does: 'list of all operations', action: 'operations', where: 'anywhere' },
  { keys: '3', does: 'list of airspace', action: 'airspace', where: 'anywhere' },
  { keys: '4', does: 'list of drafts', action: 'drafts', where: 'anywhere' },
  { keys: 'o', does: 'write a new operation', action: 'new', where: 'anywhere' },
  { keys: 'i', does: 'take in a file', action: 'import', where: 'anywhere' },
  { keys: 'w', does: 'ask for changes that would help', action: 'suggest', where: 'anywhere' },
  { keys: 'h', does: 'the line: messages, talks, watch', action: 'line', where: 'anywhere' },
  { keys: 'f', does: 'F3548: what is published, what other USSs publish', action: 'f3548', where: 'anywhere' },
  { keys: 'u', does: 'who is signed in; accounts', action: 'accounts', where: 'anywhere' },
  { keys: 'n', does: 'next alarm', action: 'next alarm', where: 'anywhere' },
  { keys: 'a', does: 'open the chosen alarm to acknowledge it', action: 'take alarm', where: 'anywhere' },
  { keys: 's', does: 'silence the sound for 60 s', action: 'silence', where: 'anywhere' },
  { keys: '[', does: 'look 10 minutes earlier', action: 'earlier', where: 'anywhere' },
  { keys: ']', does: 'look 10 minutes later', action: 'later', where: 'anywhere' },
  { keys: '.', does: 'look at now', action: 'now', where: 'anywhere' },
  { keys: '0', does: 'look at all times', action: 'all times', where: 'anywhere' },
  { keys: 'l', does: 'labels of the map on or off', action: 'labels', where: 'anywhere' },
  { keys: 'c', does: 'night, dusk or day colours', action: 'colours', where: 'anywhere' },
  { keys: 'm', does: 'go to the map; arrows move it, + and - zoom', action: 'map', where: 'anywhere' },
  { keys: 'Ctrl+Enter', does: 'file the operation, send the message, or confirm', action: 'file', where: 'form' },
  { keys: 'Alt+Z', does: 'undo in the draft', action: 'undo', where: 'form' },
  { keys: 'Alt+Y', does: 'redo in the draft', action: 'redo', where: 'form' },
  { keys: 'Space', does: 'while drawing: set a vertex under the cross', action: 'add vertex', where: 'map' },
  { keys: 'Backspace', does: 'while drawing: take the last vertex back', action: 'remove vertex', where: 'map' },
  { keys: 'Enter', does: 'while drawing: finish the shape', action: 'finish shape', where: 'map' },
];

/** The name of a pressed key as the table writes it. */
export function nameOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'metaKey'>): string {
  // With Alt held some keyboards write another letter: the place of the key counts then.
  const letter = event.altKey && event.code.startsWith('Key') ? event.code.slice(3) : event.key;
  const named: Record<string, string> = { Escape: 'Esc', ' ': 'Space' };
  const parts = [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : ''];
  return [...parts.filter(Boolean), named[letter] ?? letter].join('+');
}

/** What a key does outside the map; undefined where nothing. */
export function actionOf(name: string, isTyping: boolean, hasSingleKeys: boolean): Action | undefined {
  const isSingle = name.length === 1;
  if (isSingle && (isTyping || !hasSingleKeys)) return undefined;
  const found = KEYS.find((key) => key.keys === name && key.where !== 'map');
  return found?.action;
}

/** The page docs/reference/keys.md; `npx vitest run -u` writes it anew. */
export function keysMarkdown(): string {
  const rows = KEYS.map(({ keys, does, where }) => `| \`${keys}\` | ${does} | ${where} |`);
  const head = [
    '# Keys of the console',
    '',
    'The console shows this table when you press `?`; single-letter keys can be switched off there.',
    'No single key files, sends, ends or cancels anything.',
    '',
  ];
  return [...head, '| key | what it does | where |', '|---|---|---|', ...rows, ''].join('\n');
}
