import type { Check } from '../../../contracts/artifacts/blessing.ts';
import type { Signature } from '../../../contracts/artifacts/signature.ts';
import { MitateError } from '../../../errors/index.ts';
import type { Booted, TensorInfo } from '../messages.ts';
import { failedCheck, passedCheck } from './verdict.ts';

type Expected = Signature['inputs'][number];

/** Compares names, types and shapes of inputs and outputs between the booted model and the signature. */
export function checkShapes(signature: Signature, { inputs, outputs }: Booted): Check[] {
  const wrong = [
    ...signature.inputs.flatMap((expected) => mismatch('input', expected, inputs)),
    ...signature.outputs.flatMap((expected) => mismatch('output', expected, outputs)),
  ];
  const shapes = wrong[0] ? failedCheck('shapes', wrong[0], wrong.length, 0) : passedCheck('shapes', 0, 0);
  return [shapes, checkLabels(signature, outputs)];
}

function mismatch(kind: string, expected: Expected, found: TensorInfo[]): MitateError[] {
  const got = found.find(({ name }) => name === expected.name);
  if (got && got.dtype === expected.dtype && fits(expected.shape, got.shape)) return [];
  const write = (dtype: string, shape: readonly unknown[]) => `${dtype} [${shape.join(', ')}]`;
  return [
    new MitateError('INFRA_SHAPE_WRONG', {
      tensor: `The ${kind} ${expected.name}`,
      expected: write(
        expected.dtype,
        expected.shape.map((size) => (size === -1 ? 'any' : size)),
      ),
      got: got ? write(got.dtype, got.shape) : `no such ${kind}`,
    }),
  ];
}

/** -1 matches any size; a number matches itself, or a size that the graph leaves free. */
function fits(expected: readonly number[], got: readonly (number | string)[]): boolean {
  if (expected.length !== got.length) return false;
  return expected.every((size, i) => size === -1 || typeof got[i] === 'string' || got[i] === size);
}

function checkLabels({ labels }: Signature, outputs: TensorInfo[]): Check {
  const got = outputs.find(({ name }) => name === 'probabilities')?.shape[1];
  if (typeof got !== 'number' || got === labels.length) return passedCheck('labels', labels.length, labels.length);
  const error = new MitateError('INFRA_LABELS_MISMATCH', { expected: labels.length, got });
  return failedCheck('labels', error, got, labels.length);
}
