import { isAbsolute } from 'node:path';
import type { Config } from '../../../config/index.ts';
import type { StoredTrigger } from '../../../contracts/loop/trigger.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import { codeOfRun } from '../../runs/code-of-run.ts';
import { findSource } from '../../runs/queued-runs.ts';
import { age, asFound, type Found } from './finding.ts';

/** Whether its pipeline loads, and when it last fired. */
export async function triggerFinding(
  config: Config,
  store: Pick<OpenStore, 'triggers' | 'listRuns' | 'workspace' | 'project' | 'releases'>,
  { name, pipeline, when, isEnabled, problem }: StoredTrigger,
  now: Date,
): Promise<Found> {
  const { pipelines, databaseUrl } = config;
  if (problem !== null)
    return {
      level: 'fail',
      said: `${problem.code}: ${problem.message}`,
      remedy: `Make the place readable for the worker, or turn the trigger off: mitate trigger disable ${name}`,
    };
  // the file of a release comes with it
  if (when.kind !== 'release')
    try {
      await using _ = await codeOfRun(
        config,
        store,
        isAbsolute(pipeline) ? pipeline : await findSource({ store, pipelines }, pipeline),
      );
    } catch (error) {
      // with a PostgreSQL server, the files may be on the worker's machine alone
      return asFound(error, databaseUrl === null && isEnabled ? 'fail' : 'warn');
    }
  const [last] = await store.triggers.listFirings({ trigger: name, state: 'fired', limit: 1 });
  const fired = last === undefined ? 'has not fired yet' : `last fired ${age(now.getTime() - last.at.getTime())} ago`;
  if (last?.error)
    return {
      level: 'warn',
      said: `${fired}, but ${last.error.code}: ${last.error.message}`,
      remedy: last.error.remedy,
    };
  return `${when.kind}, ${fired}${isEnabled ? '' : ', disabled'}`;
}
