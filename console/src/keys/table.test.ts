import { expect, test } from 'vitest';
import { actionOf, KEYS, keysMarkdown, nameOf } from './table';

const pressed = (key: string, held: Partial<KeyboardEvent> = {}) =>
  nameOf({ key, code: '', ctrlKey: false, altKey: false, metaKey: false, ...held });

test('no key has two meanings in one place', () => {
  const outside = KEYS.filter((key) => key.where !== 'map').map((key) => key.keys);
  expect(new Set(outside).size).toBe(outside.length);
  const onMap = KEYS.filter((key) => key.where === 'map').map((key) => key.keys);
  expect(new Set(onMap).size).toBe(onMap.length);
});

test('nothing is filed, ended or cancelled by a single key', () => {
  const filing = KEYS.filter((key) => key.action === 'file');
  expect(filing.map((key) => key.keys)).toEqual(['Ctrl+Enter']);
});

test('single keys are letters to whoever types, and can be switched off', () => {
  expect(actionOf('j', false, true)).toBe('next');
  expect(actionOf('j', true, true)).toBeUndefined();
  expect(actionOf('j', false, false)).toBeUndefined();
  expect(actionOf('Ctrl+Enter', true, false)).toBe('file');
  expect(actionOf('Esc', true, false)).toBe('back');
});

test('keys are named as the table writes them', () => {
  expect(pressed('Escape')).toBe('Esc');
  expect(pressed('Enter', { ctrlKey: true })).toBe('Ctrl+Enter');
  expect(pressed('Ω', { altKey: true, code: 'KeyZ' })).toBe('Alt+Z');
  expect(pressed('?')).toBe('?');
});

test('the documents show this very table', async () => {
  await expect(keysMarkdown()).toMatchFileSnapshot('../../../docs/reference/keys.md');
});
