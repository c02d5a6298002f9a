import { composeModel } from '../../backbones/compose.ts';
import { loadBackbone } from '../../backbones/load-backbone.ts';
import { resizedBackbone } from '../../backbones/resize-backbone.ts';
import { isBackboneName } from '../../backbones/table.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';

/**
 * A bare model on the same backbone and views, with a logistic head of zeros. The candidate's time is compared with it, so that a slow or busy machine
 * does not count as a slow model. Undefined for a backbone that is not built in, since its file is not available.
 * @throws BACKBONE_NOT_BUILT
 */
export async function referenceModel({
  backbone: { name, digest },
  preprocess: { width },
  views,
  labels,
}: Signature): Promise<Uint8Array | undefined> {
  if (!isBackboneName(name)) return undefined;
  const backbone = await resizedBackbone(await loadBackbone(name), width);
  if (backbone.digest !== digest) return undefined;
  const [inputs, outputs] = [backbone.embeddingSize, labels.length];
  const weight = new Float32Array(inputs * outputs);
  return composeModel({
    backbone,
    views,
    mean: new Float32Array(inputs),
    scale: new Float32Array(inputs).fill(1),
    head: { layers: [{ weight, bias: new Float32Array(outputs), inputs, outputs }] },
    temperature: 1,
  });
}
