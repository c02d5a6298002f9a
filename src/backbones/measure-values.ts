import { Tensor } from 'onnxruntime-node';
import { createSession } from '../onnx/session.ts';
import type { OwnInput } from './own-input.ts';

/** The values of the file that are the features. */
export interface WantedValues {
  values: string[];
  /** True: maps [N, C, H, W], pooled by Mitate. False: one vector [N, D]. */
  pooled: boolean;
}

/** Two, which a model with a fixed batch of one refuses: views are one batch. */
const photos = 2;

/** Shapes, without the batch, of `value0`, `value1`, ... for grey photos. */
export async function measureValues(
  probe: Uint8Array,
  wanted: WantedValues,
  { height, width }: OwnInput,
  misfit: (reason: string) => never,
): Promise<number[][]> {
  const session = await createSession(probe);
  try {
    const pixels = new Tensor('uint8', new Uint8Array(photos * height * width * 3).fill(128), [
      photos,
      height,
      width,
      3,
    ]);
    const results = await session
      .run({ pixels })
      .catch((error: Error) =>
        misfit(`it fails on a batch of ${photos} photos (export it with a free batch size): ${error.message}`),
      );
    return wanted.values.map((name, i) => checkedShape(name, results[`value${i}`]!, wanted.pooled, misfit));
  } finally {
    await session.release();
  }
}

function checkedShape(
  name: string,
  value: { type: string; dims: readonly number[]; data: unknown },
  pooled: boolean,
  misfit: (reason: string) => never,
): number[] {
  const rank = pooled ? 4 : 2;
  const shape = `[${value.dims.join(', ')}] ${value.type}`;
  if (value.type !== 'float32' || value.dims.length !== rank || value.dims[0] !== photos) {
    misfit(`"${name}" is ${shape} for ${photos} photos; ${pooled ? '[N, C, H, W]' : '[N, D]'} float32 is expected`);
  }
  if ((value.data as Float32Array).some((number) => !Number.isFinite(number)))
    misfit(`"${name}" is not finite on a grey photo`);
  return value.dims.slice(1);
}
