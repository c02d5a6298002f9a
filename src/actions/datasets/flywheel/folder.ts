import { resolve } from 'node:path';
import type { Config } from '../../../config/index.ts';
import type { FlywheelPolicy } from '../../../contracts/loop/flywheel.ts';
import { absolutePlace } from '../../../network/bucket/place.ts';
import { type Confinement, confinePlace } from '../../places/confine.ts';

type Places = Pick<FlywheelPolicy, 'to' | 'base'>;

/** The policy with absolute paths; relative ones are relative to the pipelines folder. */
export function resolvePlaces<T extends Places>({ pipelines }: Pick<Config, 'pipelines'>, policy: T): T {
  return {
    ...policy,
    to: resolve(pipelines, policy.to),
    base: policy.base.map((path) => absolutePlace(pipelines, path)),
  };
}

/** For policies from remote callers. @throws PLACE_OUTSIDE */
export async function confinePlaces<T extends Places>(within: Confinement, policy: T): Promise<T> {
  return {
    ...policy,
    to: await confinePlace(within, policy.to, 'write'),
    base: await Promise.all(policy.base.map((path) => confinePlace(within, path))),
  };
}
