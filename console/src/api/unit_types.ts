// Own units, who was told, humanitarian movements and sites. As api/types.ts.

import type { MessageState } from './message_types';
import type { NowTold } from './talk_types';
import type { Footprint, OperationClass, Position, Volume } from './types';

export type MeansKind = 'telephone' | 'radio' | 'e-mail' | 'runner';
export const MEANS: MeansKind[] = ['telephone', 'radio', 'e-mail', 'runner'];
export type UnitKind = 'tower' | 'controller' | 'air defence' | 'uas' | 'formation' | 'rescue' | 'other';
export const UNIT_KINDS: UnitKind[] = ['tower', 'controller', 'air defence', 'uas', 'formation', 'rescue', 'other'];
export type UnitWord = 'to be told' | 'told' | 'confirmed' | 'cannot';
export type UnitsSaid = 'none' | 'asked' | 'confirmed' | 'cannot';

export interface Means {
  kind: MeansKind;
  address: string;
}
export interface DutyTime {
  start: string;
  end: string;
  days: string[];
}
export interface UnitRecord {
  id: string;
  version: number;
  name: string;
  kind: UnitKind;
  means: Means[];
  area: Footprint | null;
  classes: OperationClass[];
  codes: string[];
  is_humanitarian: boolean;
  duty: DutyTime[];
  told_by: string;
  confirm_within_s: number | null;
  is_listed: boolean;
  remark: string;
  now?: NowTold & { is_on_duty: boolean; acts: string[] };
}
export interface TellingStep {
  id: string;
  at: string;
  word: UnitWord;
  means: MeansKind | null;
  role: string;
  actor: string;
  words: string;
}
export interface UnitTelling {
  unit: string;
  name: string;
  why: string;
  word: UnitWord;
  due: string | null;
  remaining_s: number | null;
  is_overdue: boolean;
  try_now: Means | null;
  acts: UnitWord[];
  steps: TellingStep[];
}
export interface TellingRecord {
  message: string;
  line: string;
  code: string;
  is_humanitarian: boolean;
  passed: string;
  says: string;
  was_told: UnitsSaid;
  has_list: boolean;
  units: UnitTelling[];
}

export interface Flag {
  kind: string;
  text: string;
  other: string;
}
export interface Recipient {
  line: string;
  party: string;
  message: string;
  at: string;
  state: MessageState | null;
  acknowledged_by: string;
  acknowledged_at: string | null;
  units: UnitsSaid;
}
export type AssuranceWord = 'given' | 'withheld' | 'none';
export interface Assurance {
  id: string;
  party: string;
  word: AssuranceWord;
  words: string;
  role: string;
  said_at: string;
  start: string | null;
  end: string | null;
  means: MeansKind | null;
}
export interface WarningRecord {
  id: string;
  message: string;
  line: string;
  party: string;
  organisation: string;
  contact: string;
  at: string;
  why: string;
  words: string;
  is_due: boolean;
  steps: { id: string; at: string; means: MeansKind | null; reached: boolean; role: string; actor: string; words: string; message: string }[];
}
export const MOVES = ['air', 'road', 'sea', 'on foot'];
export const CARGOES = ['food', 'medical', 'people', 'shelter', 'fuel', 'other'];
export const WANTED = ['passed to units', 'acknowledged'];
export interface MovementRecord {
  id: string;
  version: number;
  party?: string;
  organisation: string;
  mode: string;
  route: string;
  legs: Volume[];
  marks: string;
  contact: string;
  cargo: string;
  wanted: string;
  expiry: string | null;
  confirm_by: string | null;
  recipients: string[];
  assurances: Assurance[];
  message: string;
  source: string;
  source_text: string;
  remark: string;
  now?: NowTold & {
    starts_at: string;
    due_at: string;
    remaining_s: number | null;
    flags: Flag[];
    told: Recipient[];
    warnings: WarningRecord[];
    mail: string;
    acts: string[];
  };
}
/** A site in a list: what it is, never where. */
export interface SiteRecord {
  id: string;
  version: number;
  party: string;
  function: string;
  recipients: string[];
  expiry: string;
  due_at: string;
  flags: Flag[];
  told: Recipient[];
}
export const METHODS = ['visit', 'imagery', 'telephone', 'not verified'];
/** A site as a whole: fetched one by one, each time on record. */
export interface SiteWhole {
  id: string;
  version: number;
  party?: string;
  function: string;
  point: Position | null;
  point_text: string;
  radius_m: number;
  verified_by: string;
  method: string;
  verified_on: string | null;
  expiry: string | null;
  confirm_by: string | null;
  recipients: string[];
  assurances: Assurance[];
  message: string;
  source: string;
  remark: string;
  now?: NowTold & { due_at: string; remaining_s: number | null; flags: Flag[]; told: Recipient[]; acts: string[] };
}
/** Movements that were read from a text; none of them is kept yet. */
export interface MovementsRead {
  movements: Omit<MovementRecord, 'version' | 'now'>[];
  unread: { place: string; text: string; remedy: string }[];
}
