// Files, cards and judgements in words; what they mean is the node's to say.

import type { BundleTaken, CardKind } from '../api/paper_types';
import { plain } from './answers';

export const CARDS: { kind: CardKind; label: string; what: string }[] = [
  { kind: 'call', label: 'Call card', what: 'phrases in two languages' },
  { kind: 'contact', label: 'Contact card', what: 'roles and how they are reached' },
  { kind: 'lost-line', label: 'Lost-line card', what: 'what to do when everything is silent' },
  { kind: 'challenge', label: 'Challenge card', what: 'challenges and their secret replies' },
];

export const SIZES = ['A4', 'A6'];

/** What became of the messages of a bundle, in the order in which a person looks for it. */
const RESULTS: [string, string, boolean][] = [
  ['quarantined', 'vouched for by nobody: kept as evidence, verify by voice', true],
  ['refused', 'signed, but not taken; the reason stands in State under Not taken', true],
  ['held', 'early: kept until those before them are here', true],
  ['taken', 'taken as new', false],
  ['duplicate', 'here already; nothing was done', false],
];

export interface ResultWords {
  text: string;
  isDoubt: boolean;
}

/** Each result that occurred, "3 taken as new"; one this console does not know by its own name. */
export function resultWords(results: BundleTaken['results']): ResultWords[] {
  const known = RESULTS.filter(([name]) => results[name]).map(([name, words, isDoubt]) => ({ text: `${results[name]} ${words}`, isDoubt }));
  const others = Object.entries(results).filter(([name]) => !RESULTS.some(([one]) => one === name));
  return [...known, ...others.map(([name, count]) => ({ text: `${count} ${plain(name, 40)}`, isDoubt: true }))];
}

/** "4 to 7 of epoch 2"; what still lacks. */
export const missingWords = (one: BundleTaken['missing'][number]) => `${one.first === one.last ? one.first : `${one.first} to ${one.last}`} of epoch ${one.epoch}`;

/** What notes of the watch log that say who holds a line's cards are about. */
export const cardsAbout = (line: string) => `cards of ${line}`.slice(0, 60);

/** Whether a copy, as the node states it, is vouched for. */
export const isVouchedFor = (state: string) => state === 'as signed' || state === 'authenticated';
/** Whether it may be an impostor's, or was heard wrong: what was done on it is looked at. */
export const isSuspect = (state: string) => state === 'DISPUTED' || state === 'authentication failed';
