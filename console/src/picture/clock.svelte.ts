// The node's time, ticking here: this machine's own clock is never shown.

const SKEW_WARNED_S = 30;

class NodeClock {
  /** The node's time now, in milliseconds; 0 until the node told it. */
  now_ms = $state(0);
  /** How far this machine's clock is ahead of the node's. */
  skew_s = $state(0);
  /** Whether the node's clock was set for an exercise: it is not meant to agree with this one. */
  isSet = $state(false);
  #offset_ms = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  get isSkewed(): boolean {
    return !this.isSet && Math.abs(this.skew_s) >= SKEW_WARNED_S;
  }

  /** Take the node's word for the time; `asked_ms` is when it was asked. */
  set(now: string, asked_ms: number, isSet: boolean) {
    this.isSet = isSet;
    const here_ms = (asked_ms + Date.now()) / 2;
    this.#offset_ms = Date.parse(now) - here_ms;
    this.skew_s = Math.round(-this.#offset_ms / 1000);
    this.#tick();
    this.#timer ??= setInterval(() => this.#tick(), 1000);
  }

  #tick() {
    this.now_ms = Date.now() + this.#offset_ms;
  }
}

export const clock = new NodeClock();
