import { Random } from '../../src/math/stats/random.ts';
import { GraphBuilder, type Value } from '../../src/onnx/graph-builder.ts';
import { readModel } from '../../src/onnx/read-model.ts';
import { modelBytes, type TestModel } from './model-folder.ts';

/** A model file with the same answers after a chain of matrix products that no optimiser can leave out. */
export function slowedDown(model: TestModel, products: number): Uint8Array {
  const source = readModel(modelBytes(model));
  const graph = new GraphBuilder('slow', { opset: source.opsets.get('')! });
  const { width, height } = model.backbone.preprocess;
  const pixels = graph.input('pixels', 'uint8', ['N', height, width, 3]);
  const find = graph.import(source.graph, { prefix: 'm/', inputs: { pixels } });
  const random = new Random(1);
  const matrix = graph.constant(
    Float32Array.from({ length: 512 * 512 }, () => random.normal() / 32),
    [512, 512],
  );
  const seen = graph.op('ReduceMean', [graph.cast(pixels, 'float32')], { keepdims: 0 });
  let wasted: Value = graph.op('Mul', [matrix, seen]);
  for (let i = 0; i < products; i++) wasted = graph.op('MatMul', [wasted, matrix]);
  const nothing = graph.op('Mul', [graph.op('ReduceMean', [wasted], { keepdims: 0 }), graph.scalar(1e-30)]);
  for (const [name, size] of [
    ['logits', model.labels.length],
    ['probabilities', model.labels.length],
    ['embedding', model.backbone.embeddingSize],
  ] as const)
    graph.output(name, graph.op('Add', [find(name), nothing]), 'float32', ['N', size]);
  return graph.toBytes();
}
