// The stream of changes (SSE), read with fetch so that silence and refusals are seen too.

import type { Change } from './types';

// The node sends a heartbeat every 15 s; after two missed ones the line counts as dead.
const SILENCE_MS = 40_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000];

export interface Listener {
  onLive(): void;
  onLost(status: number): void;
  onChange(change: Change): void;
}

/** Cuts a growing text into its events; keeps what is not finished yet. */
export class EventCutter {
  #rest = '';

  /** The data of every event that is now complete; comments are dropped. */
  take(text: string): string[] {
    this.#rest = (this.#rest + text).replaceAll('\r\n', '\n');
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(dataOf).filter((data) => data !== '');
  }
}

function dataOf(block: string): string {
  return block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n');
}

/** Follow the changes after a number for as long as the signal lasts; resumes by itself. */
export async function follow(after: number, listener: Listener, signal: AbortSignal) {
  let last = after;
  for (let failures = 0; !signal.aborted; failures += 1) {
    const status = await readStream(last, signal, {
      ...listener,
      onLive: () => {
        failures = 0;
        listener.onLive();
      },
      onChange: (change) => {
        last = change.action === 'resync' ? change.change : Math.max(last, change.change);
        listener.onChange(change);
      },
    });
    if (signal.aborted) return;
    listener.onLost(status);
    if (status === 401) return;
    await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 10_000, signal);
  }
}

async function readStream(after: number, signal: AbortSignal, listener: Listener): Promise<number> {
  const silence = new AbortController();
  const both = AbortSignal.any([signal, silence.signal]);
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const response = await fetch(`/api/v1/events?after=${after}`, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: both,
    });
    if (!response.ok || !response.body) return response.status;
    listener.onLive();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const cutter = new EventCutter();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 0;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      for (const data of cutter.take(value)) listener.onChange(JSON.parse(data) as Change);
    }
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });
}
