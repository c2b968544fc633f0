import { includesRole, ROLES, type Role } from '@evenkeel/contract/role';

const ROLE_COOKIE = /(?:^|;\s*)evenkeel_preview_role=(\w+)/;

/** The roles that a browser may take on: `highest` and those below it. */
export const offeredRoles = (highest: Role): Role[] => ROLES.filter((role) => includesRole(highest, role));

/** The role that a browser has chosen by its cookie, but never above `highest`, which is also that of one that has not chosen. */
export function chosenRole(cookie: string | undefined, highest: Role): Role {
  const chosen = ROLE_COOKIE.exec(cookie ?? '')?.[1];
  return offeredRoles(highest).find((role) => role === chosen) ?? highest;
}
