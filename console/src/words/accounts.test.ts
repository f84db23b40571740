import { expect, test } from 'vitest';
import { ACCOUNT_KINDS } from '../api/account_types';
import { KIND_WORDS, lockedWords, sinceWords } from './accounts';

test('every kind of account says what it is for', () => {
  expect(ACCOUNT_KINDS.filter((kind) => !KIND_WORDS[kind])).toEqual([]);
});

test('guessed passwords are said with the wait they cost', () => {
  expect(lockedWords({ wrong_in_a_row: 0, waits_s: 0 })).toBe('');
  expect(lockedWords({ wrong_in_a_row: 1, waits_s: 0 })).toBe('1 wrong password in a row');
  expect(lockedWords({ wrong_in_a_row: 6, waits_s: 29.2 })).toBe('6 wrong passwords in a row: the next is looked at in 30 s');
});

test('an account says whether it still has its first password, and how often it is signed in', () => {
  const at = '2026-03-14T06:00:00Z';
  expect(sinceWords({ made_at: at, password_at: at, sessions: 0 })).toBe('made 140600ZMAR26, its first password; not signed in');
  expect(sinceWords({ made_at: at, password_at: '2026-03-15T06:00:00Z', sessions: 2 })).toContain('password since 150600ZMAR26; signed in 2 times');
});
