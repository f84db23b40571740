// Accounts: who may do what at this node. As api/types.ts.

export type AccountKind = 'viewer' | 'watch' | 'releaser' | 'liaison' | 'movement officer' | 'investigator' | 'admin';
export const ACCOUNT_KINDS: AccountKind[] = ['viewer', 'watch', 'releaser', 'liaison', 'movement officer', 'investigator', 'admin'];

export interface AccountRecord {
  name: string;
  title: string;
  kinds: AccountKind[];
  is_enabled: boolean;
  made_at: string;
  password_at: string;
  password_version: number;
  version: number;
  may: string[];
  roles: string[];
  /** How many windows it is signed in by now. */
  sessions: number;
  wrong_in_a_row: number;
  waits_s: number;
}
