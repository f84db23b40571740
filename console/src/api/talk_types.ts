// Records of talks and of the watch: sent as they are read, but for what the node adds.

import type { ChannelKind, ContactLevel, Side } from './line_types';

export interface Action {
  number: number;
  text: string;
  party: string;
  role: string;
  due_at: string | null;
  done_at: string | null;
}
export interface Characterisation {
  party: string;
  words: string;
  where: string;
}
export type Standing = 'noted' | 'agreed' | 'not agreed';
export interface Point {
  number: number;
  topic: string;
  side: Side;
  said: string;
  language: string;
  translation: string;
  standing: Standing;
}
export interface Participant {
  party: string;
  role: string;
}
export interface Interpreter extends Participant {
  certified: boolean;
}
export type CallEnding = '' | 'concluded' | 'cut off' | 'broken off' | 'not answered';
export interface NowTold {
  at: string;
  author: string;
  is_ours: boolean;
  /** Fields that may change now; `*` for all. */
  may_change: string[];
}
export interface CallRecord {
  id: string;
  line: string;
  version: number;
  channel: ChannelKind;
  kind: 'routine check call' | 'working' | 'urgent' | 'principals';
  placed_by: Side;
  started_at: string;
  ended_at: string | null;
  ending: CallEnding;
  level: ContactLevel;
  language: string;
  interpreters: Interpreter[];
  participants: Participant[];
  points: Point[];
  actions: Action[];
  recording: string;
  characterisations: Characterisation[];
  now?: NowTold & { is_running: boolean; has_certified_interpreter: boolean; readouts: string[] };
}
export interface HeldSession {
  at: string;
  place: string;
  positions: { party: string; words: string }[];
  agreed: string[];
  not_agreed: string[];
  call: string;
}
export type ConsultationKind = 'working group' | 'review' | 'vtc' | 'margin meeting' | 'incident' | 'intermediary';
export interface ConsultationRecord {
  id: string;
  line: string;
  version: number;
  party: string;
  kind: ConsultationKind;
  title: string;
  opened_at: string;
  level: ContactLevel;
  owner_role: string;
  next_at: string | null;
  proposed: string[];
  agenda: string[];
  languages: string[];
  recording: string;
  publication: string;
  place: string;
  actions: Action[];
  sessions: HeldSession[];
  characterisations: Characterisation[];
  concluded_at: string | null;
  messages: string[];
  from_line: boolean;
  now?: NowTold & { due_at: string | null; overdue: string | null; readouts: string[]; related: string[] };
}
export type Stance = 'agreed' | 'common ground' | 'divergence' | 'claim' | 'intention';
export interface ReadoutPoint {
  number: number;
  topic: string;
  stance: Stance;
  text: string;
  wording: 'quote' | 'paraphrase';
  language: string;
  translation: string;
}
export type PairMark = 'same' | 'contradict' | 'apart';
export interface Pairing {
  point: number;
  readout: string;
  other: number;
  mark: PairMark;
  role: string;
}
export interface ReadoutRecord {
  id: string;
  line: string;
  version: number;
  party: string;
  kind: 'own' | 'published' | 'unofficial';
  about_kind: 'call' | 'consultation';
  about: string;
  published_at: string | null;
  where: string;
  text: string;
  points: ReadoutPoint[];
  characterisations: Characterisation[];
  embargo_until: string | null;
  pairings: Pairing[];
  message: string;
  now?: NowTold & { is_embargoed: boolean; others: string[] };
}
export type RowFinding = 'only A' | 'only B' | 'both' | 'contradict';
export interface ComparedRow {
  finding: RowFinding;
  ground: string;
  topic: string;
  a: ReadoutPoint | null;
  b: ReadoutPoint | null;
}
export interface ComparisonRecord {
  a: ReadoutRecord;
  b: ReadoutRecord | null;
  rows: ComparedRow[];
  counts: Record<RowFinding, number>;
  /** Ids of further accounts. */
  others: string[];
  says: string;
}
export type RequestAct = 'consider' | 'answer' | 'decline' | 'lapse';
export interface RequestStep {
  act: RequestAct;
  at: string;
  role: string;
  words: string;
  until: string | null;
}
export interface RequestRecord {
  id: string;
  line: string;
  version: number;
  asked_by: Side;
  asked_at: string;
  words: string;
  over: string;
  language: string;
  translation: string;
  answer_by: string | null;
  steps: RequestStep[];
  now?: NowTold & { state: string; acts: RequestAct[]; due_at: string | null; is_overdue: boolean; is_late: boolean };
}
export interface PostureRecord {
  id: string;
  line: string;
  version: number;
  party: string;
  declared_at: string;
  words: string;
  language: string;
  translation: string;
  scope: string;
  start: string | null;
  end: string | null;
  where: string;
  message: string;
  review_at: string | null;
  reviews: { at: string; role: string; words: string }[];
  now?: NowTold & { is_current: boolean; due_at: string | null; is_overdue: boolean };
}
export interface QueryRecord {
  id: string;
  line: string;
  asked_by: Side | null;
  asked_at: string | null;
  question: string;
  facts: string;
  answer_by: string | null;
  lapsed_at: string | null;
  statements: { message: string; party: string; at: string; ownership: string | null; words: string; scope: string }[];
  now: NowTold & { state: string; is_overdue: boolean; is_late: boolean; contradictions: Contradiction[]; answer_code: string };
}
export interface NoteRecord {
  id: string;
  at: string;
  actor: string;
  role: string;
  text: string;
  line: string;
  about: string[];
  corrects: string;
  contradicts: string;
  now: { at: string; corrected_by: string[] };
}
export interface Contradiction {
  statement: QueryRecord['statements'][number];
  at: string;
  later: QueryRecord['statements'][number] | null;
  note_text: string;
  note_role: string;
  consequences: { subject: string; id: string; at: string; party: string; code: string }[];
}

export interface DutyRole {
  role: string;
  languages: string[];
  certified_linguist: boolean;
  alternates: string[];
}
export interface WatchRecord {
  party: string;
  since: string;
  roles: DutyRole[];
  room: string;
  languages: string[];
  alternates: string[];
  next_handover: string | null;
  handed_over_by: string;
  taken_over_by: string;
  remark: string;
  message: string;
  version: number;
  now?: { is_overdue: boolean; has_linguist: boolean; spoken: string[] };
}
export interface WaitingRecord {
  subject: string;
  id: string;
  line: string;
  why: string;
  since: string;
  title: string;
}
export interface WatchesRecord {
  at: string;
  ours: WatchRecord | null;
  theirs: WatchRecord[];
  handover: { open_messages: number; running_calls: string[]; waiting: WaitingRecord[] };
}
