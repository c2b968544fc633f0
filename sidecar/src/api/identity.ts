import type { Role } from '@evenkeel/contract/role';

/** Who asks, and what they may do. */
export interface Identity {
  /** For the audit log and the rate limit: `token:ci`, `user:admin`, `grafana`, `local`. */
  readonly subject: string;
  readonly role: Role;
  /** Whether the subject itself was proven: an own token, or somebody whose identity Grafana signed. */
  readonly verified: boolean;
  /** Why it was not proven, in a sentence; only where a proof was asked for. */
  readonly doubt?: string;
}

export const NOBODY: Identity = { subject: 'nobody', role: 'Viewer', verified: false };
