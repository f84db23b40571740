// Which objects the selection means: an operation and, with a conflict, the other one too.

import type { Conflict, Footprint } from '../api/types';
import { focus } from '../picture/focus.svelte';
import { picture } from '../picture/picture.svelte';
import { others } from '../picture/uss.svelte';

/** The conflict that is meant: the open one, else the worst of the selected operation. */
export function chosenConflict(): Conflict | undefined {
  const subject = focus.subject;
  if (subject?.kind !== 'operation') return undefined;
  const conflicts = picture.answerOf(subject.id)?.conflicts ?? [];
  return conflicts.find((one) => one.id === focus.conflict_id) ?? conflicts[0];
}

export function chosenIds(): string[] {
  if (!focus.subject) return [];
  const other = chosenConflict()?.theirs.id;
  return other ? [focus.subject.id, other] : [focus.subject.id];
}

export function chosenFootprints(): Footprint[] {
  const { subject } = focus;
  if (!subject) return [];
  if (subject.kind === 'operation') {
    const ours = picture.operations.get(subject.id)?.volumes ?? [];
    const conflict = chosenConflict();
    const theirs = conflict && picture.operations.get(conflict.theirs.id)?.volumes[conflict.their_volume];
    return [...ours, ...(theirs ? [theirs] : [])].map((volume) => volume.footprint);
  }
  const learnt = others.of(subject.id);
  if (learnt && learnt.sort === subject.kind) return learnt.volumes.map((volume) => volume.footprint);
  const zone = picture.zones.find((one) => one.id === subject.id);
  if (subject.kind === 'zone' && zone) return [zone.footprint];
  const boundary = picture.boundaries.find((one) => one.id === subject.id);
  if (subject.kind === 'boundary' && boundary) return [{ kind: 'corridor', centreline: boundary.line, half_width_m: 1 }];
  const airfield = picture.airfields.find((one) => one.id === subject.id);
  return airfield ? [{ kind: 'circle', centre: airfield.position, radius_m: airfield.ring_radius_m }] : [];
}
