// What the node says and hears of the line, its messages, talks and watch. As api/types.ts.

import type { Window } from './types';

export * from './message_types';
export * from './talk_types';

export type Side = 'ours' | 'theirs';
export type ChannelKind = 'network' | 'e-mail' | 'telephone' | 'radio' | 'courier' | 'intermediary';
export type ContactLevel = 'watch' | 'liaison' | 'senior' | 'commander' | 'minister';
export const CHANNEL_KINDS: ChannelKind[] = ['telephone', 'network', 'e-mail', 'radio', 'courier', 'intermediary'];
export const CONTACT_LEVELS: ContactLevel[] = ['watch', 'liaison', 'senior', 'commander', 'minister'];

export type LineState = 'up' | 'degraded' | 'lapsed' | 'suspended' | 'suspended but answering' | 'restoring' | 'closed';
export type DeclaredState = 'open' | 'suspended' | 'closed';
export type ObservedState = 'answering' | 'one way' | 'silent' | 'not tried';
export type CheckResult = 'waiting' | 'answered' | 'differs' | 'not answered';
export type CauseCode = 'answered' | 'no answer' | 'refused' | 'technical' | 'staffing' | 'unknown';
export type LineAct = 'suspend' | 'resume' | 'change channel' | 'close';
export type LineScope = 'all' | 'air' | 'non-safety';
export type RestorationStep = 'offer' | 'test' | 'verify' | 'list' | 'confirm';
export const RESTORATION_STEPS: RestorationStep[] = ['offer', 'test', 'verify', 'list', 'confirm'];
export const CAUSES: CauseCode[] = ['no answer', 'refused', 'technical', 'staffing', 'unknown'];
export const SCOPES: LineScope[] = ['all', 'air', 'non-safety'];

export interface Declared {
  us: DeclaredState;
  them: DeclaredState;
}
export interface ChannelRecord {
  id: string;
  kind: ChannelKind;
  order: 'primary' | 'alternate';
  declared: Declared;
  observed: ObservedState;
  asked_at: string | null;
  last_answered_at: string | null;
  last_reached_at: string | null;
  cause: CauseCode | null;
  round_trip_s: number | null;
  next_check_at: string | null;
}
export interface CheckRecord {
  id: string;
  line: string;
  outgoing: boolean;
  channel: string;
  at: string;
  due: string | null;
  text: string;
  language: string;
  expected: string;
  reply: string;
  result: CheckResult;
  cause: CauseCode | null;
  answered_at: string | null;
  reader_role: string;
  round_trip_s: number | null;
  skew_s: number | null;
  by_hand: boolean;
  remark: string;
}
export interface LineDeclarationRecord {
  id: string;
  party: string;
  act: LineAct;
  scope: LineScope;
  residue: string;
  effective_at: string;
  declared_at: string;
  channel: string;
  reason: string;
  role: string;
}
export interface Listed {
  id: string;
  version: number;
  sort: string;
  until: string | null;
}
export interface GapRecord {
  unknown: Listed[];
  over: Listed[];
  owed: Listed[];
  lapsed: Listed[];
  unheard: number;
  keys_differ: string[];
}
export interface RestorationRecord {
  id: string;
  step: RestorationStep;
  ours: RestorationStep[];
  theirs: RestorationStep[];
  testing: boolean;
  begun_at: string;
  moved_at: string;
  gap: GapRecord | null;
}
export interface Dated {
  text: string;
  earliest: string;
  latest: string;
}
export interface DatingRecord extends Dated {
  level: ContactLevel;
  channel: ChannelKind | null;
  side: 'own' | 'other' | 'press';
  source: string;
  at_least_s: number;
  at_most_s: number;
  event: string;
}
export interface LineRecord {
  id: string;
  party: string;
  name: string;
  state: LineState;
  since: string;
  reasons: string[];
  cautions: string[];
  cause: CauseCode | null;
  takes_flash: boolean;
  declared: Declared;
  scope: LineScope | null;
  residue: string;
  declarations: LineDeclarationRecord[];
  channels: ChannelRecord[];
  last_check: CheckRecord | null;
  last_answered_check_at: string | null;
  next_check_due: string | null;
  missed: number;
  one_way: boolean;
  skew_s: number | null;
  unacknowledged: { into: number; out: number };
  overdue: number;
  waiting: number;
  caution_factor: number;
  restoration: RestorationRecord | null;
  lapse: { since: string | null; for_s: number | null; datings: DatingRecord[]; differ: boolean } | null;
  restoration_steps: RestorationStep[];
  acts: LineAct[];
}
export interface CautionRecord {
  id: string;
  party: string;
  state: LineState;
  factor: number;
  theirs: { id: string; designator: string };
  rule_id: string;
  span: Window;
  reason: string;
}
export interface ContactRecord {
  id: string;
  line: string;
  kind: 'call' | 'meeting' | 'check' | 'message';
  level: ContactLevel;
  channel: ChannelKind | null;
  at: Dated;
  side: 'own' | 'other' | 'press';
  source: string;
  words: string;
}
export interface HistoryRecord {
  line: string;
  total: number;
  contacts: ContactRecord[];
  lapses: DatingRecord[];
  datings: DatingRecord[];
  differ: boolean;
}
