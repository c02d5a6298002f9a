import type { ModelVersion } from '../../contracts/model.ts';
import { MitateError } from '../../errors/index.ts';

/** Nothing answers that was not judged, unless it is forced. @throws MODEL_PROMOTION_UNBLESSED */
export function requireBlessed({ name, version, blessed }: ModelVersion, force = false): void {
  if (!blessed && !force) throw new MitateError('MODEL_PROMOTION_UNBLESSED', { model: `${name}@${version}` });
}
