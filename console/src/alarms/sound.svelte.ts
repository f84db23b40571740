// The audible half of the alarms. A browser is mute until somebody touches the page: until the
// sound check of the shift was done, the screen says that nothing can be heard.

import { lengthOf, PATTERNS, type Level } from './tones';

const SILENCE_MS = 60_000;
const VOLUME = 0.25;
const EDGE_S = 0.01;

class Sound {
  /** Whether a sound check was done since the page was loaded. */
  isOn = $state(false);
  /** The browser took the sound away after all. */
  isBlocked = $state(false);
  silent_until_ms = $state(0);
  #context: AudioContext | undefined;
  #silenced = new Set<string>();
  #next_ms = 0;

  /** Sound both patterns, one after the other; has to follow from a click or a key. */
  async check() {
    this.#context ??= new AudioContext();
    this.#context.onstatechange = () => this.#look();
    await this.#context.resume();
    this.#look();
    this.isOn = true;
    this.#play('warning', 0);
    this.#play('caution', lengthOf('warning') + 0.8);
  }

  /** No sound for 60 s, except for an alarm that comes meanwhile. */
  silence(ids: string[], now_ms: number) {
    this.#silenced = new Set(ids);
    this.silent_until_ms = now_ms + SILENCE_MS;
  }

  /** Sound if it is time to; called every second with the alarms that nobody took. */
  tick(alarms: { id: string; level: Level }[], now_ms: number) {
    const isSilent = now_ms < this.silent_until_ms && alarms.every((one) => this.#silenced.has(one.id));
    if (!this.isOn || !alarms.length || isSilent || now_ms < this.#next_ms) return;
    const level: Level = alarms.some((one) => one.level === 'warning') ? 'warning' : 'caution';
    this.#play(level, 0);
    this.#next_ms = now_ms + PATTERNS[level].again_s * 1000;
  }

  #look() {
    this.isBlocked = this.#context?.state !== 'running';
  }

  #play(level: Level, after_s: number) {
    const context = this.#context;
    if (!context || context.state !== 'running') return;
    for (const tone of PATTERNS[level].tones) {
      const [from, until] = [context.currentTime + after_s + tone.from_s, context.currentTime + after_s + tone.from_s + tone.lasts_s];
      const oscillator = new OscillatorNode(context, { frequency: tone.hz });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(VOLUME, from + EDGE_S);
      gain.gain.setValueAtTime(VOLUME, until - EDGE_S);
      gain.gain.linearRampToValueAtTime(0, until);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(from);
      oscillator.stop(until);
    }
  }
}

export const sound = new Sound();
