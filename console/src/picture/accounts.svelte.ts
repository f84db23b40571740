// Whether the node has accounts: then a second person, and whoever signs, gives a password.

import { whoAsks } from '../api/client';

/** A second person as the node takes one: a name, or an account with its own password. */
export type Second = string | { account: string; password: string };

export const secondName = (second: Second) => (typeof second === 'string' ? second : second.account);

class Accounts {
  isKept = $state(false);

  /** Look again; where it cannot be had, the node says itself what it needs. */
  async look(): Promise<void> {
    try {
      this.isKept = (await whoAsks()).has_accounts;
    } catch {
      // The act itself is refused with the reason.
    }
  }
}

export const accounts = new Accounts();
