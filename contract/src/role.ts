import { z } from 'zod';

/** Grafana's organisation roles, lowest first. Each includes the ones before it. */
export const ROLES = ['Viewer', 'Editor', 'Admin'] as const;
export type Role = (typeof ROLES)[number];

export const roleSchema = z.enum(ROLES);

/** Whether somebody in role `has` may do what needs role `needs`. */
export const includesRole = (has: Role, needs: Role): boolean => ROLES.indexOf(has) >= ROLES.indexOf(needs);
