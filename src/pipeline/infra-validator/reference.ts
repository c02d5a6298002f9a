import { composeModel } from '../../backbones/compose.ts';
import { loadBackbone } from '../../backbones/load-backbone.ts';
import { isBackboneName } from '../../backbones/table.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';

/**
 * A bare model on the same backbone and views, with a logistic head of zeros: what the candidate's time is held against, so that a slow or busy
 * machine is not taken for a slow model. Undefined for a backbone that did not come with Mitate: its file is not at hand.
 * @throws BACKBONE_NOT_BUILT
 */
export async function referenceModel({
  backbone: { name, digest },
  views,
  labels,
}: Signature): Promise<Uint8Array | undefined> {
  if (!isBackboneName(name)) return undefined;
  const backbone = await loadBackbone(name);
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
