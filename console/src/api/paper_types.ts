// Messages as text, copies that came as text, and the handover of the watch.

export interface MessageText {
  message: string;
  epoch: number;
  serial: number;
  line: string;
  spoken_line: string;
  word: string;
  aloud: { language: string; mark: string; sentences: { text: string; read_back: boolean }[] }[];
}
export interface TextReading {
  epoch: number;
  serial: number;
  word: string;
  printed: string[];
  doubts: string[];
}
export interface TextCopy {
  id: string;
  version: number;
  line: string;
  sender: string;
  epoch: number;
  serial: number;
  message: string;
  text: string;
  by: string;
  language: string;
  role: string;
  entered_at: string;
  doubts: string[];
  challenges: { at: string; card: string; challenge: string; held: boolean; role: string }[];
  acted_at: string | null;
  differences: { key: string; label: string; copied: string; sent: string }[];
  code: string;
  name: string;
  state: string;
  challenge: string;
  printed: string[];
}

export type WatchSide = 'outgoing' | 'incoming';
export interface HandoverRecord {
  id: string;
  version: number;
  prepared_at: string;
  prepared_by: string;
  shift: { handed_over_by?: string; taken_over_by?: string; remark?: string };
  digest: string;
  signatures: { side: WatchSide; role: string; name: string; by_password: boolean; at: string; actor: string }[];
  override: { reason: string; role: string; actor: string; at: string } | null;
  state: string;
  now: { at: string; is_current: boolean; missing: WatchSide[]; watch_changed: boolean; told: string[]; untold: { line: string; why: string }[] };
}
export interface HandoverReply {
  at: string;
  under_way: HandoverRecord | null;
  last: HandoverRecord | null;
}

/** What became of a bundle that was taken in. */
export interface BundleTaken {
  line: string;
  sender: string;
  results: Record<string, number>;
  settled: number;
  receipts_refused: string;
  missing: { epoch: number; first: number; last: number }[];
}
/** What became of the mails that waited. */
export interface MailTaken {
  mails: number;
  texts: string[];
  bundles: number;
  own: number;
  refused: string[];
}

export type CardKind = 'call' | 'contact' | 'lost-line' | 'challenge';
export interface CardsRecord {
  line: string;
  mark: string;
  day: string;
  used: string[];
  answered: string[];
}
export interface PhraseSignature {
  party: string;
  digest: string;
  edition: number;
  role: string;
  at: string;
}
export interface PhrasesRecord {
  edition: number;
  digest: string;
  phrases: { id: string }[];
  signatures: PhraseSignature[];
}

/** What the agreement says of a notice as a notice. */
export interface Judgement {
  message: string;
  code: string;
  is_ours: boolean;
  designator: string;
  told_at: string;
  starts_at: string;
  agreement: string;
  score: string;
  findings: { kind: string; reason: string }[];
  answer: string;
}
/** Own operations that a declared area touches. */
export interface Affected {
  message: string;
  area: string;
  touched: { id: string; designator: string; version: number; member: string; is_certain: boolean; reason: string; begins_at: string }[];
  civil_notice: string;
  asked: number;
  complete: boolean;
}
export interface SeenPage {
  total: number;
  items: { at: string; who: string; what: string; side: string; words: string }[];
}
