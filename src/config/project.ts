import { defaultProject, nameSchema } from '../contracts/access.ts';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** `--project`, else `MITATE_PROJECT`, else `default`. */
export function resolveProject({ flags, env }: ConfigSources): string {
  const name = flags.project ?? (env.MITATE_PROJECT || defaultProject);
  if (nameSchema.safeParse(name).success) return name;
  throw new MitateError('CONFIG_INVALID', {
    setting: flags.project === undefined ? 'MITATE_PROJECT' : '--project',
    expected: `a name of a-z, 0-9, "-", "_" and ".", at most 64 characters`,
  });
}
