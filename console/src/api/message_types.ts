// The catalogue, messages with their lives, and alarms.

import type { PlaceProblem, Window } from './types';

export type FieldKind =
  | 'text'
  | 'choice'
  | 'count band'
  | 'position'
  | 'altitude band'
  | 'window'
  | 'moment'
  | 'volumes'
  | 'operation'
  | 'message'
  | 'duration'
  | 'distance'
  | 'boolean'
  | 'texts'
  | 'fingerprints'
  | 'values';
export interface FieldItem {
  key: string;
  label: string;
  kind: FieldKind;
  explanation: string;
  mandatory: boolean;
  read_back: boolean;
  choices: string[];
  most: number;
  must_lie_ahead: boolean;
}
export interface MessageType {
  code: string;
  name: string;
  purpose: string;
  precedence: Precedence;
  fields: FieldItem[];
  needs_readback: boolean;
  needs_answer: boolean;
  answer_when: { field: string; words: string[] } | null;
  answered_by: string[];
  asks_units: boolean;
  roles: string[];
  needs_second: boolean;
  needs_validity: boolean;
  written_by_hand: boolean;
}
export type Precedence = 'FLASH' | 'IMMEDIATE' | 'PRIORITY' | 'ROUTINE';
export const PRECEDENCES: Precedence[] = ['FLASH', 'IMMEDIATE', 'PRIORITY', 'ROUTINE'];
/** Values of a message's fields, by key; each as its kind says. */
export type FieldValues = Record<string, unknown>;

export interface MessageDocument {
  id: string;
  code: string;
  version: number;
  line: string;
  from: string;
  to: string;
  from_role: string;
  to_role: string;
  mode: string;
  no_duff: boolean;
  precedence: Precedence;
  originated_at: string;
  valid: Window | null;
  speaks_of: string | null;
  supersedes: string | null;
  refs: string[];
  fields: FieldValues;
  remark: string;
  renderings: Record<string, string>;
}
/** What a person writes of a message; the node says the rest. */
export type DraftContent = Pick<MessageDocument, 'code' | 'line' | 'to_role' | 'precedence' | 'no_duff' | 'valid' | 'supersedes' | 'refs' | 'fields' | 'remark' | 'renderings'>;
export type MessageState =
  | 'DRAFTED'
  | 'READY'
  | 'RELEASED'
  | 'SENT'
  | 'UNDELIVERED'
  | 'DELIVERED'
  | 'ACKNOWLEDGED'
  | 'READBACK DUE'
  | 'READ BACK'
  | 'DISPUTED'
  | 'AWAITING ANSWER'
  | 'UNDER CONSIDERATION'
  | 'ANSWERED'
  | 'PARTLY'
  | 'DECLINED'
  | 'CLOSED'
  | 'WITHDRAWN'
  | 'CANCELLED'
  | 'SUPERSEDED'
  | 'EXPIRED';
export interface MessageClock {
  kind: string;
  due: string;
  remaining_s: number;
  overdue: boolean;
}
export interface MessageStep {
  at: string;
  act: string;
  state: MessageState;
  id: string;
  role: string;
  actor: string;
  reason: string;
  their_at: string | null;
  late: boolean;
}
export interface MessageLife {
  state: MessageState;
  side: 'sender' | 'receiver';
  is_open: boolean;
  level: number;
  told: string;
  channel: string;
  channels: string[];
  units: 'none' | 'asked' | 'confirmed' | 'cannot';
  late: boolean;
  undelivered: boolean;
  disputes: number;
  needs_readback: boolean;
  needs_answer: boolean;
  asks_units: boolean;
  acknowledged_by: string;
  answer: 'answered' | 'partly' | 'declined' | null;
  considered_until: string | null;
  superseded_by: string | null;
  is_silenced: boolean;
  doubts: string[];
  clocks: MessageClock[];
  history: MessageStep[];
}
export interface NextAct {
  kind: string;
  label: string;
  fields: FieldItem[];
  /** Messages that do it instead; empty where the act does. */
  codes: string[];
}
export interface ReadbackField {
  field: FieldItem;
  text: string;
  spoken: string;
  place: string;
}
/** Something a draft tells beyond the level of an operation of ours. */
export interface TellingCaution {
  id: string;
  place: string;
  text: string;
  remedy: string;
  instead: unknown;
}
export interface MessageRecord {
  id: string;
  name: string;
  version: number;
  outgoing: boolean;
  epoch: number | null;
  serial: number | null;
  at: string;
  entry: number | null;
  document: MessageDocument;
  life: MessageLife;
  acts: NextAct[];
  can_supersede: boolean;
  readback: ReadbackField[];
  printed: string[];
  problems: PlaceProblem[];
  cautions: TellingCaution[];
}
export interface Difference {
  key: string;
  label: string;
  sent: unknown;
  heard: unknown;
  reason: string;
}
export type AlarmLevel = 'warning' | 'caution' | 'advisory';
export interface AlarmRecord {
  id: string;
  level: AlarmLevel;
  what: string;
  about: { subject: string; id: string };
  line: string;
  precedence: Precedence | null;
  since: string;
  due: string | null;
  escalation_level: number;
  told: string;
  text: string;
  channel: string;
  is_audible: boolean;
}
export interface QuarantineRecord {
  id: string;
  source: string;
  reason: string;
  detail: string;
  at: string;
  alarm: boolean;
  content: string;
  live: boolean;
}
