import { sha256 } from '../codecs/digest.ts';
import type { OnnxModel } from '../onnx/graph.ts';
import { foldedConstants } from '../onnx/quantise/fold-constants.ts';
import { planQuantisation, type QuantisationPlan } from '../onnx/quantise/plan.ts';
import { quantised, type WeightBits } from '../onnx/quantise/quantise.ts';
import { completeRanges, composeRanges, unknownRanges } from '../onnx/quantise/ranges.ts';
import { readModel } from '../onnx/read-model.ts';
import { upgradedOpset } from '../onnx/upgrade-opset.ts';
import type { Backbone } from './backbone.ts';

/** A backbone that can be quantised. */
export interface QuantisableBackbone {
  backbone: Backbone;
  /** ONNX bytes: `pixels uint8 [N, H, W, 3] -> ranges float32 [R]`, for `quantisedBackbone`; null when all ranges are fixed. */
  ranges: Uint8Array | null;
  model: OnnxModel;
  plan: QuantisationPlan;
}

/** @throws MODEL_NOT_QUANTISABLE, MODEL_UNSUPPORTED, ONNX_REFUSED */
export async function quantisable(backbone: Backbone): Promise<QuantisableBackbone> {
  const taps = backbone.taps.map(({ name }) => name);
  const model = await foldedConstants(upgradedOpset(readModel(backbone.bytes)), taps);
  const plan = planQuantisation(model.graph, new Set(taps));
  const unknown = unknownRanges(plan);
  return { backbone, model, plan, ranges: unknown.length > 0 ? composeRanges(model, unknown) : null };
}

/**
 * The same backbone on integers: uint8 activations, int8 weights. Inputs, features and names of taps stay; `digest` is that of the new bytes.
 * @param measured `ranges` of training photos, in any order
 */
export function quantisedBackbone(
  { backbone, model, plan }: QuantisableBackbone,
  measured: Iterable<Float32Array>,
  weightBits: WeightBits,
): Backbone {
  const bytes = quantised(model, { plan, ranges: completeRanges(plan, measured), weightBits });
  return { ...backbone, digest: sha256(bytes), bytes };
}
