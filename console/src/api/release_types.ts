// How much each party may learn of an operation, what their nodes answered, who saw it.

import type { Verdict } from './types';

export const LEVELS = ['L0', 'L1', 'L2', 'L3'];
export interface ReleaseRecord {
  operation: string;
  party: string;
  level: string;
  released_by: string;
  actor: string;
  at: string;
  until: string | null;
  reason: string;
  ended_at: string | null;
  ended_by: string;
}
export interface ShownRecord {
  party: string;
  line: string;
  level: string;
  ground: string;
  release: ReleaseRecord | null;
  version: number;
  told_version: number | null;
}
export interface ViewRecord {
  party: string;
  member: string;
  level: string;
  what: string;
  line: string;
  at: string;
  about: string;
  conflict: string;
  actor: string;
}
export interface ToldConflict {
  id: string;
  rule: string;
  verdict: Verdict;
  level: string;
  start: string;
  end: string;
  overlap: unknown[];
  category: string;
  contact_role: string;
  operation: string;
  designator: string;
}
export interface Amount {
  hint: string;
  time_s: number;
  vertical_m: number;
  lateral_m: number;
  bearing_deg: number;
}
export interface VolumeQuestion {
  id: string;
  line: string;
  answerer: string;
  about: string;
  operation_version: number;
  at: string;
  widened: boolean;
  answer: { verdict: Verdict; reasons: string[]; conflicts: ToldConflict[]; total: number; hints: string[]; amounts: Amount[] } | null;
  answered_at: string | null;
  as_of: string | null;
  erased_at: string | null;
}
export interface PeerAnswer {
  party: string;
  line: string;
  answerer: string;
  standing: string;
  counts_as: Verdict | null;
  reasons: string[];
  age_s: number | null;
  question: VolumeQuestion | null;
  discloses: string;
}
export interface PeerAnswers {
  operation: string;
  at: string;
  ours: Verdict;
  overall: Verdict;
  items: PeerAnswer[];
}
/** How many notices a party says it has, in bands; ours is what we told. */
export interface PresenceRecord {
  party: string;
  line: string;
  as_of: string;
  notices: Record<string, string>;
  zones: string;
  received_at: string;
}
/** What a line discloses by itself, and what the other party may still ask. */
export interface DisclosureRecord {
  line: string;
  version: number;
  asks_on_filing: boolean;
  tells_presence: boolean;
  tells_agreed: boolean;
  discloses: string;
  grid_m: number;
  grid_height_m: number;
  grid_time_s: number;
  their_budget: { left: number; of: number; window_s: number; refused: number; searched: number; searched_at: string | null };
}
