import { type Logger, pino } from 'pino';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where a secret might stand in anything that is logged. */
const SECRETS = [
  'authorization',
  'cookie',
  'token',
  'apiKey',
  '["x-grafana-id"]',
  '["set-cookie"]',
  '*.authorization',
  '*.cookie',
  '*.token',
  '*.apiKey',
  '*["x-grafana-id"]',
  'headers.authorization',
  'req.headers.authorization',
];

/** The structured log of the service: one JSON object a line, on standard error so that standard output stays the command's. */
export const createLogger = (level: LogLevel): Logger =>
  pino(
    { level, base: undefined, redact: { paths: SECRETS, censor: '[secret]' } },
    pino.destination({ fd: 2, sync: false })
  );
