// Whether the node has accounts: then a second person, and whoever signs, gives a password.

import { whoAsks, type Asking } from '../api/client';

/** A second person as the node takes one: a name, or an account with its own password. */
export type Second = string | { account: string; password: string };

export const secondName = (second: Second) => (typeof second === 'string' ? second : second.account);

class Accounts {
  isKept = $state(false);
  /** Who asks, as the node sees it; null before it said so. */
  asking = $state.raw<Asking | null>(null);
  /** What whoever looks may do, as the node says; nothing before it said so. */
  may = $state.raw<string[]>([]);

  /** Whether a part of the node is shown to whoever looks, as the node says; no before it said so. */
  sees(part: string): boolean {
    return this.asking?.sees.includes(part) ?? false;
  }

  /** Whether they look and may not act on the line. */
  get onlyLooks(): boolean {
    return this.asking?.by === 'account' && !this.may.includes('watch');
  }

  /** The roles that whoever sits here may act as: an account's, and the watch's own with the right to it. */
  among(onWatch: string[], catalogue: Set<string>): string[] {
    const asking = this.asking;
    if (!asking?.account) return onWatch;
    const own = onWatch.filter((role) => asking.may.includes('watch') && !catalogue.has(role));
    return [...new Set([...asking.roles, ...own])];
  }

  /** Look again; where it cannot be had, the node says itself what it needs. */
  async look(): Promise<void> {
    try {
      const asking = await whoAsks();
      this.asking = asking;
      [this.isKept, this.may] = [asking.has_accounts, asking.may];
    } catch {
      // The act itself is refused with the reason.
    }
  }
}

export const accounts = new Accounts();
