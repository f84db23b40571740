// Lists that the node gives in pages, the newest first: the first page, and older ones when asked for.

import { ask } from '../api/client';
import type { Page } from '../api/types';

export type Query = Record<string, string | number | boolean | undefined>;

/** What a list in pages lets a person do about its older part. */
export interface Older {
  readonly total: number;
  readonly held: number;
  older(): Promise<void>;
}

/** Pages from the newest on, until so many items are here or there are no more. */
export async function pagesOf<T>(path: string, query: Query, size: number, wanted: number): Promise<Page<T>> {
  const items: T[] = [];
  let page: Page<T> | undefined;
  do {
    page = await ask<Page<T>>(path, { query: { ...query, limit: size, cursor: page?.next ?? undefined } });
    items.push(...page.items);
  } while (page.next && items.length < wanted);
  return { ...page, items };
}
