import { Tensor } from 'onnxruntime-node';
import type { ServedModel } from '../artifacts/model/served-model.ts';
import { MitateError } from '../errors/index.ts';
import { finite, type OpenGraph } from './processes/run-job.ts';

/**
 * @param pixels uint8 [H, W, 3]
 * @returns [K] 0..1, and [D] not standardised; both finite
 * @throws MODEL_ANSWERED_NAN, MODEL_ANSWER_SHAPE
 */
export async function infer(
  { name, session, preprocess, served }: OpenGraph & { served: ServedModel },
  pixels: Uint8Array,
) {
  const { width, height } = preprocess;
  const feeds = { pixels: new Tensor('uint8', pixels, [1, height, width, 3]) };
  const outputs = await session.run(feeds, ['probabilities', 'embedding']);
  const values = (output: string, expected: number) => {
    const data = outputs[output]?.data as Float32Array | undefined;
    if (data?.length === expected) return finite(name, output, data);
    throw new MitateError('MODEL_ANSWER_SHAPE', { name, output, expected, actual: data?.length ?? 0 });
  };
  return {
    probabilities: values('probabilities', served.classes),
    embedding: values('embedding', served.embeddingSize),
  };
}
