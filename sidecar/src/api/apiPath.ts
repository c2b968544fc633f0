import { API_PREFIX } from '@evenkeel/contract/api';

/** A path of the contract from the root of the service. */
export const apiPath = (path: string): string => `${API_PREFIX}${path}`;
