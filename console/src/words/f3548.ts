// What is published to F3548 in words; states are the standard's own.

import type { ConstraintRecord, IntentRecord, LearntRecord, PublishedReply } from '../api/f3548_types';
import type { Altitude } from '../api/types';
import { plain, type Tone } from './answers';
import { bandWords } from './lengths';
import { dateTimeGroup, msOf, spanWords } from './times';

/** What the discovery service has: "Published as Accepted, version 3, priority 0, as uss1". */
export function publishedWords(intent: IntentRecord): string {
  if (!intent.state) return intent.is_wanted ? 'ASKED FOR: the discovery service has not said yet whether it took it' : 'BEING TAKEN BACK';
  const as = intent.manager ? `, as ${plain(intent.manager, 60)}` : '';
  return `${intent.is_wanted ? 'Published' : 'BEING TAKEN BACK: still published'} as ${intent.state}, version ${intent.version} there, priority ${intent.priority}${as}`;
}

/** What keeps it from being all that is wanted, a sentence each; nothing where all is said. */
export function unsettledWords(intent: IntentRecord, version: number | undefined): string[] {
  const found: string[] = [];
  const note = plain(intent.note, 2_000);
  if (!intent.is_wanted) found.push(`It is to be taken back, and the discovery service has not said that it is gone${note ? `: ${note}` : ''}. The node tries until it does.`);
  else if (!intent.is_settled) found.push(`Whether the discovery service took the last change is not known${note ? `: ${note}` : ''}.`);
  else if (note) found.push(`The last change is not published: ${note}. Others still see what was published before.`);
  if (intent.is_wanted && version !== undefined && intent.operation_version < version) found.push(`Others see version ${intent.operation_version} of the operation; here it is at version ${version}.`);
  return found;
}

/** "by Ada, planner 281200ZNOV26". */
export const releasedWords = (one: Pick<IntentRecord, 'released_by' | 'released_at'>) => `Released by ${plain(one.released_by, 120) || 'nobody named'}, ${dateTimeGroup(msOf(one.released_at))}`;

/** What became of a release, in one line; why stands beside it. */
export function resultWords(reply: PublishedReply): string {
  const { result, intent } = reply;
  const stays = intent?.state ? 'What was published stays as it was.' : 'Nothing is published.';
  if (result === 'refused') return `REFUSED. ${stays}`;
  if (result === 'failed') return `FAILED: the discovery service could not be dealt with. ${intent?.state && intent.is_wanted ? stays : 'What may be published is taken back by itself.'}`;
  return intent ? `PUBLISHED as ${intent.state}, version ${intent.version} there.` : 'Published no more.';
}

/** What the comparison found, and among what. */
export function verdictSentence({ verdict, conflicts }: Pick<PublishedReply, 'verdict' | 'conflicts'>): string {
  if (verdict === 'conflict') return `CONFLICT with ${conflicts} ${conflicts === 1 ? 'intent' : 'intents'} that it may meet; who manages them is told.`;
  if (verdict === 'cannot say') return 'CANNOT SAY: off its plan it is published as it is flown, and compared with nothing.';
  return verdict === null ? '' : 'NO CONFLICT FOUND among the intents that the discovery service named.';
}

/** "Published as a constraint, version 1 there, 281200Z to 281400Z, as uss1". */
export function constraintWords(one: ConstraintRecord): string {
  const when = one.start && one.end ? `, ${spanWords({ start: one.start, end: one.end })}` : '';
  return one.version ? `Published as a constraint, version ${one.version} there${when}${one.manager ? `, as ${plain(one.manager, 60)}` : ''}` : 'ASKED FOR: the discovery service has not said yet whether it took it';
}

/** How what others publish is drawn in a list: off its plan it asks for a look. */
export const learntTone = (one: Pick<LearntRecord, 'state'>): Tone => (['Nonconforming', 'Contingent'].includes(one.state) ? 'doubt' : 'none');

export const sortWords = (one: Pick<LearntRecord, 'sort' | 'state'>) => (one.sort === 'intent' ? one.state : 'constraint');

/** Whether its manager told it of itself, or was asked. */
export const heardWords = (one: Pick<LearntRecord, 'told' | 'version' | 'learnt_at'>) => `version ${one.version}, ${one.told ? 'told by its manager' : 'asked of its manager'} ${dateTimeGroup(msOf(one.learnt_at))}`;

/** What keeps it from being as it is now; empty where its changes are told to this node. */
export const staleWords = (one: Pick<LearntRecord, 'is_followed'>) => (one.is_followed ? '' : 'NOT FOLLOWED: nothing of ours is published near it, so no change of it is told here');

/** The band that holds all its volumes; heights of F3548 all count from the ellipsoid. */
export function heightsWords({ volumes }: Pick<LearntRecord, 'volumes'>): string {
  const by = (a: Altitude, b: Altitude) => a.value_m - b.value_m;
  const [lowest] = volumes.map((one) => one.lower).sort(by);
  const highest = volumes.map((one) => one.upper).sort(by).at(-1);
  return lowest && highest ? bandWords(lowest, highest) : 'no volume is known';
}

const EVENTS: Record<string, string> = {
  SCD0090: 'CONFLICT that ours brings about',
  SCD0095: 'CONFLICT that another brings about',
  CSTP0005: 'constraint met',
  CSTP0010: 'constraint of another met',
  GEN0400: 'NOT PUBLISHED',
  GEN0405: 'state changed',
};
/** Why operators were told, for whoever does not know the standard's numbers. */
export const eventWords = (event: string) => EVENTS[event] ?? event;

export function eventTone(event: string): Tone {
  if (event === 'SCD0090' || event === 'SCD0095') return 'conflict';
  return event === 'GEN0405' ? 'none' : 'doubt';
}
