/** A service URL as it is stored: Grafana pastes paths behind it, and the service refuses a double slash. */
export const normalServiceUrl = (typed: string): string => typed.trim().replace(/\/+$/, '');
