// Records of talks as they begin, and which of their fields a person writes.

import type { MovementRecord, SiteWhole, UnitRecord } from '../api/unit_types';
import type { CallRecord, ConsultationRecord, PostureRecord, ReadoutRecord, RequestRecord } from '../api/line_types';

const base = (line: string) => ({ id: crypto.randomUUID(), line, version: 0 });

export const newCall = (line: string, started_at: string): CallRecord => ({
  ...base(line), channel: 'telephone', kind: 'working', placed_by: 'ours', started_at, ended_at: null, ending: '',
  level: 'watch', language: '', interpreters: [], participants: [], points: [], actions: [], recording: '', characterisations: [],
});

export const newConsultation = (line: string, party: string, opened_at: string): ConsultationRecord => ({
  ...base(line), party, kind: 'working group', title: '', opened_at, level: 'liaison', owner_role: '', next_at: null,
  proposed: [], agenda: [], languages: [], recording: '', publication: '', place: '', actions: [], sessions: [],
  characterisations: [], concluded_at: null, messages: [], from_line: false,
});

/** Our own series, made from what came over the line. */
export const ownSeries = (theirs: ConsultationRecord, party: string, opened_at: string): ConsultationRecord => ({
  ...theirs, ...base(theirs.line), party, opened_at, from_line: false,
});

export const newReadout = (line: string, party: string, about_kind: ReadoutRecord['about_kind'], about: string): ReadoutRecord => ({
  ...base(line), party, kind: 'own', about_kind, about, published_at: null, where: '', text: '', points: [],
  characterisations: [], embargo_until: null, pairings: [], message: '',
});

export const newRequest = (line: string, asked_at: string): RequestRecord => ({
  ...base(line), asked_by: 'theirs', asked_at, words: '', over: '', language: '', translation: '', answer_by: null, steps: [],
});

export const newPosture = (line: string, party: string, declared_at: string): PostureRecord => ({
  ...base(line), party, declared_at, words: '', language: '', translation: '', scope: '', start: null, end: null,
  where: '', message: '', review_at: null, reviews: [],
});

export const newUnit = (): UnitRecord => ({
  id: crypto.randomUUID(), version: 0, name: '', kind: 'controller', means: [], area: null, classes: [], codes: [],
  is_humanitarian: true, duty: [], told_by: 'duty officer', confirm_within_s: null, is_listed: true, remark: '',
});

/** A movement as it begins; who notifies it and who was told is the node's to say. */
export const newMovement = (): MovementRecord => ({
  id: crypto.randomUUID(), version: 0, organisation: '', mode: 'road', route: '', legs: [], marks: '', contact: '',
  cargo: 'other', wanted: 'passed to units', expiry: null, confirm_by: null, recipients: [], assurances: [],
  message: '', source: 'form', source_text: '', remark: '',
});

/** A site as it begins; where it is must be typed, nothing is assumed. */
export const newSite = (): SiteWhole => ({
  id: crypto.randomUUID(), version: 0, function: '', point: null, point_text: '', radius_m: 0, verified_by: '',
  method: 'not verified', verified_on: null, expiry: null, confirm_by: null, recipients: [], assurances: [],
  message: '', source: 'form', remark: '',
});

/** The fields a person writes: all of a new record's but those the node alone says. */
export function written<T extends object>(blank: T): (keyof T & string)[] {
  const own = new Set(['id', 'version', 'from_line', 'now']);
  return (Object.keys(blank) as (keyof T & string)[]).filter((name) => !own.has(name));
}

/** The next number of a list whose numbers are never used twice. */
export const nextNumber = (items: { number: number }[]) => items.reduce((most, one) => Math.max(most, one.number), 0) + 1;
