import { destination, type Logger as Pino, pino, stdTimeFunctions } from 'pino';
import { withoutTokens } from '../codecs/without-tokens.ts';
import type { LogLevel } from '../config/log-level.ts';
import type { Logger } from '../contracts/logger.ts';
import { asLogger } from '../http/context.ts';

/**
 * JSON Lines on stderr: `time`, `level`, `msg` and fields; lines about a request carry its id, none a token.
 * `requests` is for the HTTP server, `logger` for everything else.
 */
export function serverLogger(level: LogLevel): { requests: Pino; logger: Logger } {
  const requests = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: withoutTokens },
    },
    destination(2),
  );
  return { requests, logger: asLogger(requests) };
}
