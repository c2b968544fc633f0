import type { Role } from '@evenkeel/contract/role';

/** Who asks, and what they may do. */
export interface Identity {
  /** For the audit log and the rate limit: `token:ci`, `user:admin`, `grafana`, `local`. */
  readonly subject: string;
  readonly role: Role;
  /** Whether the subject itself was proven: an own token, or an identity that Grafana signed. */
  readonly verified: boolean;
}

export const NOBODY: Identity = { subject: 'nobody', role: 'Viewer', verified: false };
