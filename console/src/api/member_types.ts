// Members and affiliates of a party, and what is passed on to them. As api/types.ts.

import type { MeansKind } from './unit_types';

export interface AllyRecord {
  id: string;
  name: string;
  kind: 'member' | 'affiliate';
  is_answered_for: boolean;
  has_left: boolean;
}
export interface DepartureRecord {
  member: string;
  left_at: string;
  role: string;
  second: string;
  words: string;
  operations: string[];
  cancelled: { operation: string; designator: string; line: string; message: string }[];
  relays_stopped: string[];
  told: string[];
  to_tell: string[];
  is_done: boolean;
}
export interface AllyPage {
  total: number;
  items: AllyRecord[];
  departures: DepartureRecord[];
}
export interface RelayReceipt {
  id: string;
  to: string;
  relayed_at: string;
  means: MeansKind;
  role: string;
  receipt: string;
  was_told: boolean;
}
export interface RelayRecord {
  message: string;
  is_relayed: boolean | null;
  to: string[];
  decided_at: string | null;
  role: string;
  words: string;
  stopped: string[];
  missing: string[];
  receipts: RelayReceipt[];
}
