import { Tensor } from 'onnxruntime-node';
import { sha256 } from '../codecs/digest.ts';
import { readModel } from '../onnx/read-model.ts';
import { createSession } from '../onnx/session.ts';
import { writeModel } from '../onnx/write-model.ts';
import type { Backbone, Tap } from './backbone.ts';

/**
 * The same backbone for square photos of another size. Its layers are convolutions, and features are means over positions, so that only the
 * sizes of input and taps change. `digest` is that of the new bytes.
 * @param side px, a multiple of `inputStep`, for which the padding in the graph is right
 * @throws ONNX_REFUSED
 */
export async function resizedBackbone(backbone: Backbone, side: number): Promise<Backbone> {
  const { preprocess } = backbone;
  if (side === preprocess.width && side === preprocess.height) return backbone;
  const model = readModel(backbone.bytes);
  const inputs = model.graph.inputs.map((input) => ({ ...input, shape: ['N', side, side, 3] }));
  const bytes = writeModel({ ...model, graph: { ...model.graph, inputs } });
  const resized = {
    ...backbone,
    preprocess: { ...preprocess, width: side, height: side },
    bytes,
    digest: sha256(bytes),
  };
  return { ...resized, taps: await measuredTaps(resized) };
}

/** The taps with the sizes that they have for one grey photo. */
async function measuredTaps({ bytes, taps, preprocess: { width, height } }: Backbone): Promise<Tap[]> {
  const model = readModel(bytes);
  const outputs = taps.map(({ name }) => ({ name, dtype: undefined, shape: undefined }));
  const session = await createSession(writeModel({ ...model, graph: { ...model.graph, outputs } }));
  try {
    const pixels = new Tensor('uint8', new Uint8Array(width * height * 3).fill(128), [1, height, width, 3]);
    const values = await session.run({ pixels });
    return taps.map((tap) => {
      const [, , rows, columns] = values[tap.name]!.dims;
      return { ...tap, height: rows!, width: columns! };
    });
  } finally {
    await session.release();
  }
}
