import { existsSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../../../config/index.ts';
import { isBucket } from '../../../contracts/bucket.ts';
import type { FlywheelPolicy } from '../../../contracts/loop/flywheel.ts';
import { MitateError } from '../../../errors/index.ts';
import { isInside } from '../../../files/is-inside.ts';
import { absolutePlace } from '../../../network/bucket/place.ts';

type Places = Pick<FlywheelPolicy, 'to' | 'base'>;

/** The policy with absolute paths; relative ones are relative to the pipelines folder. */
export function resolvePlaces<T extends Places>({ pipelines }: Pick<Config, 'pipelines'>, policy: T): T {
  return {
    ...policy,
    to: resolve(pipelines, policy.to),
    base: policy.base.map((path) => absolutePlace(pipelines, path)),
  };
}

/** For policies from remote callers. @throws FLYWHEEL_FOLDER_OUTSIDE */
export function requireInside({ pipelines }: Pick<Config, 'pipelines'>, policy: Places): void {
  for (const path of [policy.to, ...policy.base.filter((each) => !isBucket(each))])
    if (path.includes('\0') || !isReallyInside(pipelines, resolve(pipelines, path)))
      throw new MitateError('FLYWHEEL_FOLDER_OUTSIDE', { path, pipelines });
}

/** Resolves links; of a path that does not exist yet, the existing part. */
function isReallyInside(folder: string, path: string): boolean {
  const [real, below] = [realpathSync(folder), realpathSync(existing(path))];
  return isInside(folder, path) && (below === real || isInside(real, below));
}

function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}
