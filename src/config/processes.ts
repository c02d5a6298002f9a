import { availableParallelism } from 'node:os';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** `--processes`, else `MITATE_PROCESSES`, else one inference process per core. */
export function resolveProcesses({ flags, env }: ConfigSources): number {
  const text = flags.processes ?? env.MITATE_PROCESSES;
  if (text === undefined || text === '') return availableParallelism();
  const processes = Number(text);
  if (!Number.isInteger(processes) || processes < 1 || processes > 256) {
    throw new MitateError('CONFIG_INVALID', {
      setting: flags.processes === undefined ? 'MITATE_PROCESSES' : '--processes',
      expected: 'a whole number from 1 to 256',
    });
  }
  return processes;
}
