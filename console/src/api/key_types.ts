// Whose keys are good here, and who signed what. As api/types.ts.

export interface OwnKeys {
  party: string;
  node_id: string;
  root_fingerprint: string | null;
  key_id: string;
  key_fingerprint: string;
  valid_from: string;
  valid_until: string;
  tls: string;
}
export interface PeerKey {
  id: string;
  fingerprint: string;
  valid_from: string;
  valid_until: string;
}
export interface PeerRecord {
  party: string;
  name: string;
  line: string;
  node_id: string;
  /** Of its root. */
  fingerprint: string;
  confirmed_by: string;
  /** The newest last. */
  keys: PeerKey[];
  url: string;
  agreement: string;
  paired_at: string;
}
export interface SignatureRecord {
  agreement: string;
  version: number;
  digest: string;
  party: string;
  fingerprint: string;
  at: string;
}
