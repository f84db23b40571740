// Answers in the words of every report: three values, none of them a permission.

import type { Among, Answer, Conflict, Infringement, PartyData, Suggestion, Verdict } from '../api/types';
import { exactHeightWords, gapWords, grouped, heightGapWords, leastDistanceWords } from './lengths';
import { ageWords, durationWords, timeGapWords } from './times';

/** How an answer is drawn and coloured. */
export type Tone = 'conflict' | 'doubt' | 'none';

export const TONES: Record<Verdict, Tone> = {
  conflict: 'conflict',
  'cannot say': 'doubt',
  'no conflict found': 'none',
};

const JOINERS = /[\u200c\u200d]/;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** Text of others made inert: what is invisible or turns letters round is spelled out. */
export function plain(text: string, most = 200): string {
  const shown = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return shown.replace(UNSEEN, (mark) => {
    if (mark === '\n' || mark === '\t') return ' ';
    if (JOINERS.test(mark)) return mark;
    return `[U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}

export const verdictWords = (verdict: Verdict) => verdict.toUpperCase();

/** One operation's answer as printed: its verdict, or INFRINGEMENT where only that is sure. */
export function answerWords(answer: Pick<Answer, 'overall' | 'verdict'>): string {
  const only = answer.overall === 'conflict' && answer.verdict !== 'conflict';
  return only ? 'INFRINGEMENT' : verdictWords(answer.overall);
}

export function infringementWords(found: Infringement): string {
  return found.verdict === 'conflict' ? 'INFRINGEMENT' : verdictWords(found.verdict);
}

/** How close, in one line: "1.9 NM (3.5 km) · bands overlap"; the time only where it parts them. */
export function closenessWords(conflict: Conflict, metric = true): string {
  const { lateral_m, vertical_low_m, vertical_high_m, time_s } = conflict.separations;
  const parts = [gapWords(lateral_m, metric), heightGapWords(vertical_low_m, vertical_high_m, metric)];
  if (time_s > 0) parts.push(timeGapWords(time_s));
  return parts.join(' · ');
}

/** Among what was compared: "among 41 AMBER notices, oldest 14 min ago, coverage partial". */
export function amongWords(among: Among): string {
  const party = plain(among.party, 24);
  const noun = among.notices === 1 ? 'notice' : 'notices';
  const parts = [`among ${grouped(among.notices)} ${among.own ? 'other ' : ''}${party} ${noun}`];
  if (among.oldest_s !== null) parts.push(`oldest ${ageWords(among.oldest_s)}`);
  if (among.own) return [...parts, 'our own'].join(', ');
  parts.push(`coverage ${among.completeness ?? 'undeclared'}`);
  if (among.age_s !== null) parts.push(`declared ${ageWords(among.age_s)}`);
  return parts.join(', ');
}

/** The same in a few letters, for a list: "among 41 AMBER, 5 CIVIL". */
export function amongBrief(among: Among[]): string {
  const parts = among.map((one) => `${grouped(one.notices)} ${plain(one.party, 24)}`);
  return parts.length ? `among ${parts.join(', ')}` : 'among nothing';
}

/** How old a party's data are: fresh, stale, or none. */
export function dataWord(data: PartyData): 'fresh' | 'stale' | 'none' {
  if (data.as_of === null) return 'none';
  return data.fresh ? 'fresh' : 'stale';
}

/** A suggested change: "15 min later: no conflict found", or that there is none. */
export function suggestionWords(suggestion: Suggestion): string {
  const none = { time: 'earlier or later', altitude: 'higher or lower', lateral: 'moved sideways' };
  if (!suggestion.found) return `${none[suggestion.kind]}: none within limits`;
  return `${changeWords(suggestion)}: no conflict found`;
}

/** The change alone: "15 min later", "1,000 ft (305 m) higher", "3.0 NM (5.6 km) towards 045°". */
export function changeWords(suggestion: Suggestion): string {
  if (suggestion.kind === 'time') {
    const way = suggestion.time_s >= 0 ? 'later' : 'earlier';
    return `${durationWords(Math.ceil(Math.abs(suggestion.time_s) - 1e-6))} ${way}`;
  }
  if (suggestion.kind === 'altitude') {
    const way = suggestion.vertical_m >= 0 ? 'higher' : 'lower';
    return `${exactHeightWords(Math.abs(suggestion.vertical_m))} ${way}`;
  }
  const bearing = String(Math.round(suggestion.bearing_deg) % 360).padStart(3, '0');
  return `${leastDistanceWords(suggestion.lateral_m)} towards ${bearing}°`;
}

/** Whether an answer asks for a person. */
export const asksForAttention = (answer: Answer) => answer.overall !== 'no conflict found';
