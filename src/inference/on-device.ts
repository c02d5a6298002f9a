import { combine } from '../artifacts/model/combine.ts';
import { trainingPhotosOf } from '../artifacts/model/training-photos.ts';
import type { OfflineModel } from '../contracts/api/endpoints.ts';
import type { QualityHint } from '../contracts/request-record.ts';
import type { Combined, ServedPrediction } from '../contracts/served-prediction.ts';
import { RandomProjection } from '../math/drift/random-projection.ts';
import { propertiesOf } from '../vision/photo-properties.ts';
import { type Picture, resample } from '../vision/resample/resample.ts';
import { measuredSide, shrinkOf, sideFor } from '../vision/shrink.ts';
import { Distribution } from './distribution.ts';
import { judge, stated } from './judge.ts';
import { qualityHints } from './quality.ts';

/** As the server would say it, without what only the server has: an id, a deployment, the training photos. */
export type DevicePrediction = Omit<ServedPrediction, 'id' | 'deployment'>;

/** The parts of an answer that need no ONNX Runtime of a process: in a browser. Nothing here imports Node or a native module. */
export class DeviceModel {
  readonly #of: OfflineModel;
  readonly #projection: RandomProjection | null = null;
  readonly #distribution: Distribution | null = null;

  /** @param files by the names of `of.files`, with the digests that it gives */
  constructor(of: OfflineModel, { rows, detector }: { rows: DataView | null; detector: DataView | null }) {
    this.#of = of;
    const { reference, signature } = of;
    if (!reference || !rows) return;
    const photos = trainingPhotosOf(reference, rows, detector);
    this.#projection = new RandomProjection(
      reference.projection.seed,
      signature.embeddingSize,
      reference.projection.size,
    );
    this.#distribution = photos && new Distribution(photos);
  }

  /**
   * The model's input, as the server makes it of the same bytes, up to what two decoders differ.
   * @param whole upright, decoded at its full size
   */
  inputOf(whole: Picture): { pixels: Uint8Array; quality: QualityHint[] } {
    const { preprocess } = this.#of.signature;
    const full = { fullWidth: whole.width, fullHeight: whole.height };
    const side = sideFor(preprocess);
    const photo = shrunk(whole, shrinkOf(whole, side));
    const pixels = resample(photo, preprocess);
    const shrink = shrinkOf(whole, measuredSide);
    const measured = shrink === shrinkOf(whole, side) ? photo : shrunk(whole, shrink);
    return { pixels, quality: qualityHints(propertiesOf({ ...measured, ...full }).properties, preprocess) };
  }

  /** Of several photos of one subject. */
  combined(predictions: readonly DevicePrediction[]): Combined | null {
    return combine(predictions, this.#of.settings.abstain);
  }

  /** @param probabilities [K], 0..1 @param embedding [D] */
  answer(probabilities: Float32Array, embedding: Float32Array, quality: QualityHint[]): DevicePrediction {
    const { signature, settings, model } = this.#of;
    const projected = this.#projection?.project(embedding);
    const outOfDistribution = (projected && this.#distribution?.score(projected, embedding)) ?? null;
    const judged = judge({ probabilities, outOfDistribution }, signature, settings);
    const { distribution } = judged;
    return {
      ...stated(judged, signature),
      model,
      outOfDistribution: distribution && { flagged: distribution.flagged, score: distribution.score },
      quality,
    };
  }
}

/** As libvips shrinks a large photo while it decodes it. */
function shrunk(picture: Picture, shrink: number): Picture {
  if (shrink === 1) return picture;
  const size = { width: Math.floor(picture.width / shrink), height: Math.floor(picture.height / shrink) };
  return { ...size, pixels: resample(picture, { ...size, fit: 'fill', kernel: 'cubic' }) };
}
