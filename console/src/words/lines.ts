// A line in words: its state, what is declared and observed. No state is ever green.

import type { DeclaredState, LineRecord, LineState } from '../api/line_types';
import { plain, type Tone } from './answers';

export const LINE_TONES: Record<LineState, Tone> = {
  up: 'none',
  degraded: 'doubt',
  lapsed: 'conflict',
  suspended: 'conflict',
  'suspended but answering': 'doubt',
  restoring: 'doubt',
  closed: 'doubt',
};

export const lineWords = (state: LineState) => state.toUpperCase();

/** Above this the clocks of two nodes are a matter for a person; the node says the same. */
const SKEW_TOLD_S = 2;

/** "their clock is 31 s ahead"; empty where nobody need know. */
export function skewWords(skew_s: number | null): string {
  if (skew_s === null || Math.abs(skew_s) < SKEW_TOLD_S) return '';
  return `their clock is ${Math.abs(skew_s).toFixed(skew_s % 1 ? 1 : 0)} s ${skew_s > 0 ? 'ahead' : 'behind'}`;
}

/** What both parties declare, with what still works: "BLUE open, AMBER suspended (air)". */
export function declaredWords(line: Pick<LineRecord, 'declared' | 'party' | 'scope' | 'residue'>, us: string): string {
  const { declared, party, scope, residue } = line;
  const part = scope && scope !== 'all' ? ` (${scope})` : '';
  const word = (state: DeclaredState) => (state === 'suspended' ? `${state}${part}` : state);
  const said = `${plain(us, 24)} ${word(declared.us)}, ${plain(party, 24)} ${word(declared.them)}`;
  return residue && (declared.us !== 'open' || declared.them !== 'open') ? `${said}: “${plain(residue, 120)}”` : said;
}
