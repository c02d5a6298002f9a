import { softmaxRows } from '../src/math/calibration/softmax-rows.ts';
import { fitTemperature } from '../src/math/calibration/temperature.ts';
import { type CrossValidation, crossLogits } from '../src/pipeline/trainer/calibration/cross-validate.ts';

/**
 * Out-of-fold probabilities, [photos, classes]. The temperature of a fold is fitted on the predictions of the other folds.
 * @throws as `crossLogits`
 */
export async function crossValidate(options: CrossValidation): Promise<Float64Array> {
  const { targets, classes } = options;
  const { logits, folds } = await crossLogits(options);
  const temperatures = Array.from({ length: options.folds }, (_, fold) => {
    const others = [...folds.keys()].filter((photo) => folds[photo] !== fold);
    const rows = others.flatMap((photo) => [...logits.subarray(photo * classes, (photo + 1) * classes)]);
    const known = others.map((photo) => targets[photo]!);
    return fitTemperature(rows, known, classes).temperature;
  });
  const divided = logits.map((value, i) => value / temperatures[folds[Math.floor(i / classes)]!]!);
  return softmaxRows(divided, classes);
}
