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
