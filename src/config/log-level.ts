import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** `MITATE_LOG_LEVEL`, else info. For servers and workers. */
export function resolveLogLevel({ env }: ConfigSources): LogLevel {
  const text = env.MITATE_LOG_LEVEL || 'info';
  const level = logLevels.find((each) => each === text);
  if (level) return level;
  throw new MitateError('CONFIG_INVALID', { setting: 'MITATE_LOG_LEVEL', expected: logLevels.join(', ') });
}
