export const CONNECTION_POLICIES = ['per-user', 'round-robin', 'per-request'] as const;

/** Who shares a connection when nobody says: a user is a client with a connection of its own, a rate comes out of a pool. */
export const DEFAULT_POLICY = { users: 'per-user', rate: 'round-robin' } as const;
