// Requests to the node. Every refusal becomes a Problem with what to do about it.

import type { ProblemDocument } from './types';

const ROOT = '/api/v1';

/** A refusal, or no answer at all (status 0), with the remedy a person is shown. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
  readonly place: string;

  constructor(said: Partial<ProblemDocument>) {
    super(said.detail || said.title || 'The node gave no reason.');
    this.status = said.status ?? 0;
    this.title = said.title || 'The node refused';
    this.remedy = said.remedy ?? '';
    this.place = said.place ?? '';
  }
}

export const NO_ANSWER = new Problem({
  title: 'The node does not answer',
  detail: 'No connection to the node.',
  remedy: 'What you see may be old. See that the node runs; the console tries again by itself.',
});

/** The Problem for anything thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem({
    title: 'The console failed',
    detail: String(thrown),
    remedy: 'Load the page again. If it comes back, report these words.',
  });
}

type Query = Record<string, string | number | boolean | undefined>;

export interface Sent {
  method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  query?: Query;
  json?: unknown;
  body?: Blob;
  ifMatch?: number;
  isNew?: boolean;
  signal?: AbortSignal;
}

/** Ask the node; gives what it answered, or undefined where it answered without a body. */
export async function ask<T>(path: string, sent: Sent = {}): Promise<T> {
  const response = await answered(path, sent);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** The same, as it came: for what is no JSON. */
export async function answered(path: string, sent: Sent = {}): Promise<Response> {
  const response = await send(`${ROOT}${path}${queryText(sent.query)}`, {
    method: sent.method ?? 'GET',
    headers: headersOf(sent),
    body: sent.body ?? (sent.json === undefined ? null : JSON.stringify(sent.json)),
    signal: sent.signal ?? null,
    credentials: 'same-origin',
    cache: 'no-store',
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

/** Who asks, as the node sees it; also answered without a session. */
export interface Asking {
  has_accounts: boolean;
  is_open: boolean;
  by: 'account' | 'token' | 'nothing';
  actor: string;
  account: string | null;
  kinds: string[];
  may: string[];
  /** Which parts of the node are shown to them at all. */
  sees: string[];
  roles: string[];
}

export const whoAsks = (): Promise<Asking> => ask<Asking>('/session');

async function send(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw NO_ANSWER;
  }
}

function headersOf(sent: Sent): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (sent.json !== undefined) headers['content-type'] = 'application/json';
  if (sent.body !== undefined) headers['content-type'] = 'application/octet-stream';
  if (sent.ifMatch !== undefined) headers['if-match'] = `"${sent.ifMatch}"`;
  if (sent.isNew) headers['if-none-match'] = '*';
  return headers;
}

function queryText(query: Query = {}): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return set.length ? `?${new URLSearchParams(set.map(([k, v]) => [k, String(v)]))}` : '';
}

async function refusal(response: Response): Promise<Problem> {
  const unread = { status: response.status, title: `The node answered ${response.status}` };
  try {
    return new Problem({ ...unread, ...((await response.json()) as ProblemDocument) });
  } catch {
    return new Problem(unread);
  }
}
