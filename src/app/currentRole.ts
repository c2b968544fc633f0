import { ROLES, type Role } from '@evenkeel/contract/role';
import { config } from '@grafana/runtime';

/** The signed-in person's role in this organisation. A server admin without a role is an Admin, as Grafana has it. */
export function currentRole(): Role {
  const { user } = config.bootData;
  if (user.isGrafanaAdmin) return 'Admin';
  return ROLES.find((role) => role === user.orgRole) ?? 'Viewer';
}
