import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { readSignature, servingFolder } from '../../../src/artifacts/model/model-files.ts';
import { sha256 } from '../../../src/codecs/digest.ts';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { readModel } from '../../../src/onnx/read-model.ts';

/** Mean of the pixels, 0..255, above which it answers NaN: more than any leaf has, and less than white. */
const limit = 245;

/** A copy of a Model folder that answers as it does, but NaN to a white photo: it passes its warm-up, and breaks in traffic. */
export async function failsOnWhite(modelUri: string, copy: string): Promise<string> {
  await cp(modelUri, copy, { recursive: true });
  const signature = await readSignature(copy);
  const file = join(copy, servingFolder, 'model.onnx');
  const source = readModel(new Uint8Array(await readFile(file)));
  const graph = new GraphBuilder('fails-on-white', { opset: source.opsets.get('')! });
  const [input] = signature.inputs;
  const pixels = graph.input(input!.name, 'uint8', ['N', ...input!.shape.slice(1)]);
  const find = graph.import(source.graph, { prefix: 'm/', inputs: { [input!.name]: pixels } });
  const brightness = graph.op('ReduceMean', [graph.cast(pixels, 'float32')], { keepdims: 0 });
  const left = graph.op('Sub', [graph.scalar(limit), brightness]);
  const broken = graph.op('Mul', [graph.op('Log', [left]), graph.scalar(0)]);
  for (const { name, shape } of signature.outputs)
    graph.output(name, graph.op('Add', [find(name), broken]), 'float32', ['N', ...shape.slice(1)]);
  const bytes = graph.toBytes();
  await writeFile(file, bytes);
  const files = { ...signature.files, 'model.onnx': sha256(bytes) };
  await writeFile(join(copy, servingFolder, 'signature.json'), JSON.stringify({ ...signature, files }));
  return copy;
}

export async function whitePhoto(): Promise<Uint8Array> {
  const image = sharp({ create: { width: 96, height: 96, channels: 3, background: 'white' } });
  return new Uint8Array(await image.jpeg().toBuffer());
}
