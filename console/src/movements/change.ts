// A movement or a site of ours changed in part: the rest goes back as it stands.

import { ask } from '../api/client';
import type { MovementRecord, SiteWhole } from '../api/unit_types';
import { contact } from '../picture/contact.svelte';
import { newMovement, newSite, written } from '../talks/blanks';

export async function changeMovement(movement: MovementRecord, changed: Partial<MovementRecord>): Promise<void> {
  const whole = { ...movement, ...changed };
  const json = Object.fromEntries(written(newMovement()).map((name) => [name, whole[name]]));
  contact.movements.take(await ask<MovementRecord>(`/movements/${movement.id}`, { method: 'PUT', json, ifMatch: movement.version }));
}

/** Keep a site, new or changed; gives it as the node holds it, with its place. */
export async function changeSite(site: SiteWhole, changed: Partial<SiteWhole> = {}): Promise<SiteWhole> {
  const whole = { ...site, ...changed };
  const json = Object.fromEntries(written(newSite()).map((name) => [name, whole[name]]));
  const kept = await ask<SiteWhole>(`/sites/${site.id}`, { method: 'PUT', json, ...(site.version ? { ifMatch: site.version } : { isNew: true }) });
  void contact.sites.load();
  return kept;
}
