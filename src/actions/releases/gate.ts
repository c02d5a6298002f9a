import { isAbsolute } from 'node:path';
import type { Environment } from '../../config/environments.ts';
import type { NewRelease } from '../../contracts/release.ts';
import { MitateError } from '../../errors/index.ts';
import { type Facets, releaseDetails } from './releases.ts';

/** Requires the successful runs in another environment that mitate.config.ts asks for. @throws RELEASE_TOO_SOON */
export async function requireGoodRuns(store: Facets, id: string, { name, after }: Environment): Promise<void> {
  if (after === undefined) return;
  const found = (await goodRuns(store, id)).filter(({ environment }) => environment === after.environment).length;
  if (found >= after.goodRuns) return;
  const details = { release: id, environment: name, before: after.environment, needed: after.goodRuns, found };
  throw new MitateError('RELEASE_TOO_SOON', details);
}

async function goodRuns(store: Facets, id: string) {
  if ((await store.releases.get(id)) === null) return [];
  return (await releaseDetails(store, id)).starts.filter(({ state }) => state === 'succeeded');
}

/**
 * Parameters of the run in the target: those of the release, overridden by the environment's, then by the command's.
 * @param isElsewhere the target is another machine, where paths of this one do not exist
 * @throws RELEASE_PARAMETER_LOCAL
 */
export function targetParameters(
  release: Pick<NewRelease, 'id' | 'parameters'>,
  environment: Pick<Environment, 'name' | 'parameters'>,
  given: Record<string, string>,
  isElsewhere: boolean,
): Record<string, unknown> {
  const over = { ...environment.parameters, ...given };
  const local = Object.entries(release.parameters).find(
    ([name, value]) => !(name in over) && typeof value === 'string' && isAbsolute(value),
  );
  if (!isElsewhere || local === undefined) return over;
  const [name, value] = local as [string, string];
  throw new MitateError('RELEASE_PARAMETER_LOCAL', { release: release.id, environment: environment.name, name, value });
}
