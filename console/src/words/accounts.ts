// Accounts in words: what each kind is for, to whoever gives it; sessions and waits.

import type { AccountKind, AccountRecord } from '../api/account_types';
import { dateTimeGroup, durationWords, msOf } from './times';

export const KIND_WORDS: Record<AccountKind, string> = {
  viewer: 'looks, and does nothing',
  watch: 'files, writes, acknowledges, reads back, answers; of releases FLASH alone',
  releaser: 'as the watch, and releases to the other side',
  liaison: 'as the releaser, but acts as liaison officer or interpreter',
  'movement officer': 'keeps and tells humanitarian movements and sites',
  investigator: 'reads the ledger word for word, takes the archive away',
  admin: 'accounts, agreements, keys of other parties; no duty by that',
};

/** "made 140600ZMAR26, password since then; 2 windows open". */
export function sinceWords(account: Pick<AccountRecord, 'made_at' | 'password_at' | 'sessions'>): string {
  const made = `made ${dateTimeGroup(msOf(account.made_at))}`;
  const password = account.made_at === account.password_at ? 'its first password' : `password since ${dateTimeGroup(msOf(account.password_at))}`;
  const open = account.sessions === 0 ? 'not signed in' : account.sessions === 1 ? 'signed in once' : `signed in ${account.sessions} times`;
  return `${made}, ${password}; ${open}`;
}

/** How many wrong passwords came in a row, and how long the next waits; empty for none. */
export function lockedWords(account: Pick<AccountRecord, 'wrong_in_a_row' | 'waits_s'>): string {
  if (!account.wrong_in_a_row) return '';
  const count = `${account.wrong_in_a_row} wrong ${account.wrong_in_a_row === 1 ? 'password' : 'passwords'} in a row`;
  return account.waits_s > 0 ? `${count}: the next is looked at in ${durationWords(Math.ceil(account.waits_s))}` : count;
}
