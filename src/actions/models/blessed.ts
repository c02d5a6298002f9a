import type { ModelVersion } from '../../contracts/model.ts';
import { MitateError } from '../../errors/index.ts';

/** Requires a blessed version, unless forced. @throws MODEL_PROMOTION_UNBLESSED */
export function requireBlessed({ name, version, blessed }: ModelVersion, force = false): void {
  if (!blessed && !force) throw new MitateError('MODEL_PROMOTION_UNBLESSED', { model: `${name}@${version}` });
}
