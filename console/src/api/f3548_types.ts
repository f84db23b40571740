// What this node publishes to F3548 and learns there (/api/v1/f3548 and below it).

import type { Verdict, Volume } from './types';

/** An own operation as it is published; `state` is empty while the service has not taken it. */
export interface IntentRecord {
  id: string;
  designator: string;
  operation_version: number;
  state: string;
  priority: number;
  version: number;
  manager: string;
  released_by: string;
  released_at: string;
  is_settled: boolean;
  is_wanted: boolean;
  note: string;
  /** Since when it is off its plan and may come back, and when it counts as lost. */
  nonconforming_since: string | null;
  lost_at: string | null;
}
export interface ConstraintRecord {
  id: string;
  zone: string;
  zone_version: number;
  version: number;
  manager: string;
  start: string | null;
  end: string | null;
  released_by: string;
  released_at: string;
}
export interface UssRecord {
  base_url: string;
  roles: string[];
  intents: IntentRecord[];
  constraints: ConstraintRecord[];
  waiting: number;
}
export interface PublishedReply {
  result: 'done' | 'refused' | 'failed';
  why: string;
  conflicts: number;
  verdict: Verdict | null;
  losses: string[];
  intent: IntentRecord | null;
}
/** An intent or constraint of another USS: no operation and no zone of anybody's here. */
export interface LearntRecord {
  id: string;
  sort: 'intent' | 'constraint';
  manager: string;
  version: number;
  state: string;
  priority: number;
  told: boolean;
  is_followed: boolean;
  starts: string;
  ends: string;
  learnt_at: string;
  volumes: Volume[];
}
export interface OperatorNoticeRecord {
  number: number;
  at: string;
  event_at: string;
  event: string;
  operation: string;
  conflicts: number;
  text: string;
}
/** Changes after which any of it may be another. */
export const OF_F3548 = ['intent', 'constraint', 'operator notice'];
