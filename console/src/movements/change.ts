// A movement of ours changed in part: the rest goes back as it stands.

import { ask } from '../api/client';
import type { MovementRecord } from '../api/unit_types';
import { contact } from '../picture/contact.svelte';
import { newMovement, written } from '../talks/blanks';

export async function changeMovement(movement: MovementRecord, changed: Partial<MovementRecord>): Promise<void> {
  const whole = { ...movement, ...changed };
  const json = Object.fromEntries(written(newMovement()).map((name) => [name, whole[name]]));
  contact.movements.take(await ask<MovementRecord>(`/movements/${movement.id}`, { method: 'PUT', json, ifMatch: movement.version }));
}
