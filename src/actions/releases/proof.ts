import type { Config } from '../../config/index.ts';
import type { NewProof, Proof } from '../../contracts/release.ts';
import { withStore } from '../with-store.ts';

/** Records the result of a pipeline test or load test. */
export async function recordProof(config: Config, proof: NewProof): Promise<Proof> {
  return await withStore(config, { attach: true }, ({ releases }) => releases.addProof(proof, 'here'));
}
