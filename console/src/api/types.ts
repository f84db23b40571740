// What the node says and hears (/api/v1). This file is the only place of these types: it is
// replaced by the one generated from /api/v1/openapi.json. Times are ISO 8601 in UTC.

export type Mode = 'EXERCISE' | 'REAL';
export type Verdict = 'conflict' | 'cannot say' | 'no conflict found';
export type OperationClass = 'manned' | 'unmanned' | 'ground movement';
export type OperationState = 'planned' | 'active' | 'nonconforming' | 'contingent' | 'ended';
export type AltitudeReference = 'STD' | 'QNH' | 'QFE' | 'AGL' | 'HAE';

export interface Position {
  latitude_deg: number;
  longitude_deg: number;
}
export interface Circle {
  kind: 'circle';
  centre: Position;
  radius_m: number;
}
export interface Polygon {
  kind: 'polygon';
  rings: Position[][];
}
export interface Corridor {
  kind: 'corridor';
  centreline: Position[];
  half_width_m: number;
}
export type Footprint = Circle | Polygon | Corridor;

export interface Altitude {
  value_m: number;
  reference: AltitudeReference;
  datum_m: number | null;
}
export interface Window {
  start: string;
  end: string;
}
export interface Volume extends Window {
  footprint: Footprint;
  lower: Altitude;
  upper: Altitude;
  source_text: string;
}
export interface Operation {
  id: string;
  party: string;
  designator: string;
  class: OperationClass;
  mode: Mode;
  version: number;
  ovn: string;
  state: OperationState;
  end_reason: string;
  category: string;
  level: string;
  tolerance_s: number;
  uncertainty: { lateral_m: number; vertical_m: number };
  precedence: string;
  member: string;
  contact: string;
  crossings: string[];
  entries: string[];
  aircraft_count: number | null;
  priority: number;
  source: { kind: string; name: string; feature: string };
  received_at: string;
  source_text: string;
  volumes: Volume[];
}
// What is sent to be filed or checked: the server supplies the rest.
export type Plan = Pick<Operation, 'designator' | 'class' | 'volumes'> & Partial<Operation>;
export type PartialPlan = Partial<Plan>;

export interface Zone {
  id: string;
  name: string;
  kind: string;
  footprint: Footprint;
  lower: Altitude;
  upper: Altitude;
  windows: Window[];
  entry: string;
  declared_by: string;
  users: string[];
  classes: string[];
  status: string;
  contact: string;
  version: number;
  live?: boolean;
}
export interface Boundary {
  id: string;
  name: string;
  line: Position[];
  rules: { party: string; keeps_to: string; crossing: string }[];
  version: number;
  live?: boolean;
}
export interface Airfield {
  id: string;
  name: string;
  position: Position;
  elevation_m: number;
  party: string;
  ring_radius_m: number;
  ring_lower: Altitude;
  ring_upper: Altitude;
  corridors: { name: string; corridor: Footprint; lower: Altitude; upper: Altitude }[];
  windows: Window[];
  contact: string;
  version: number;
  live?: boolean;
}
export interface Coverage extends Window {
  id: string;
  party: string;
  area: Footprint;
  as_of: string;
  completeness: Record<string, string>;
  notice_count: number | null;
  version: number;
  live?: boolean;
}

export interface OperationRef {
  id: string;
  designator: string;
  party: string;
  version: number;
  class: OperationClass;
}
export interface Separations {
  lateral_m: number;
  lateral_minimum_m: number;
  lateral_uncertainty_m: number;
  vertical_low_m: number | null;
  vertical_high_m: number | null;
  vertical_explanation: string | null;
  vertical_minimum_m: number;
  time_s: number;
  time_minimum_s: number;
}
export interface Conflict {
  id: string;
  verdict: Verdict;
  rule_id: string;
  reason: string;
  own: boolean;
  ours: OperationRef;
  theirs: OperationRef;
  our_volume: number;
  their_volume: number;
  volume_pairs: number;
  span: Window;
  separations: Separations;
  our_closest: Position;
  their_closest: Position;
}
export interface Infringement {
  verdict: Verdict;
  airspace: 'zone' | 'boundary' | 'airfield';
  airspace_id: string;
  airspace_name: string;
  volume: number;
  span: Window;
  place: Position;
  reason: string;
  contact: string;
}
export interface Finding {
  kind: string;
  reason: string;
  volume: number | null;
}
export interface Doubt {
  kind: string;
  reason: string;
  remedy: string;
  party: string;
}
export interface Among {
  party: string;
  notices: number;
  oldest_s: number | null;
  as_of: string | null;
  age_s: number | null;
  completeness: string | null;
  own: boolean;
}
export interface Suggestion {
  kind: 'time' | 'altitude' | 'lateral';
  found: boolean;
  time_s: number;
  vertical_m: number;
  lateral_m: number;
  bearing_deg: number;
}
export interface Answer {
  operation: OperationRef;
  overall: Verdict;
  verdict: Verdict;
  conflicts: Conflict[];
  conflicts_total?: number;
  infringements: Infringement[];
  findings: Finding[];
  doubts: Doubt[];
  among: Among[];
  suggestions: Suggestion[];
}
export interface Filed {
  operation: Operation;
  answer: Answer | null;
}

export interface PartyData {
  party: string;
  as_of: string | null;
  age_s: number | null;
  completeness: string | null;
  notices: number;
  fresh: boolean;
  reasons: string[];
}
export interface NodeState {
  mode: Mode;
  kind: string;
  party: string;
  node_id: string;
  name: string;
  version: string;
  now: string;
  is_clock_set: boolean;
  /** Whether the node plays the script of an exercise. */
  has_script?: boolean;
  /** Whether it is a running USS of F3548. */
  is_uss?: boolean;
  started_at: string;
  change: number;
  data: PartyData[];
  agreements: { id: string; version: number; title: string; in_force: boolean }[];
}
export interface Rule {
  id: string;
  text: string;
  lateral_m: number;
  vertical_m: number;
  min_time_s: number;
}
export interface Agreement {
  id: string;
  version: number;
  title: string;
  mode: Mode;
  in_force: boolean;
  rules: Rule[];
  area: Footprint | null;
  parties?: { id: string; name: string }[];
  zones: Zone[];
  boundaries: Boundary[];
  airfields: Airfield[];
}
export interface Page<T> {
  total: number;
  items: T[];
  next: string | null;
}
export interface AnswerPage extends Page<Answer> {
  counts: Record<Verdict, number>;
  pending: number;
  change: number;
}
export interface PlaceProblem {
  place: string;
  text: string;
}
export interface Draft {
  id: string;
  version: number;
  revision: number;
  revisions: number;
  can_undo: boolean;
  can_redo: boolean;
  content: PartialPlan;
  saved_at: string;
  problems: PlaceProblem[];
}
export interface TakenIn {
  taken: OperationRef[];
  changed: OperationRef[];
  unchanged: number;
  ended: OperationRef[];
  left: { name: string; reason: string }[];
  zones: number;
  coverages: number;
  rejected: { place: string; text: string; remedy: string }[];
  answers: Partial<Record<Verdict, number>>;
}
export interface Change {
  change: number;
  kind: string;
  id: string;
  version: number;
  action: string;
  at: string;
}
export interface PositionReading {
  position: Position;
  readback: string[];
  place: string;
}
export interface AltitudeReading {
  altitude: Altitude;
  readback: string[];
}
export interface TimeReading {
  time: string;
  readback: string[];
}
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  remedy: string;
  place?: string;
}
