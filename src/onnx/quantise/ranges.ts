import type { GraphNode, OnnxModel } from '../graph.ts';
import { prunedGraph } from '../prune.ts';
import { tensorOf } from '../tensor.ts';
import { writeModel } from '../write-model.ts';
import type { QuantisationPlan, Range } from './plan.ts';

/** Of these a graph gives the ranges: values of the plan without a fixed one, in its order. */
export function unknownRanges({ values }: QuantisationPlan): string[] {
  return [...values].filter(([, range]) => range === null).map(([name]) => name);
}

/** ONNX bytes: the model's inputs -> `ranges float32 [2 R]`: lowest and highest number of each value over the batch. */
export function composeRanges(model: OnnxModel, names: readonly string[]): Uint8Array {
  const one = tensorOf(BigInt64Array.of(1n));
  const parts: string[] = [];
  const nodes = names.flatMap((name, i) =>
    (['ReduceMin', 'ReduceMax'] as const).flatMap((type): GraphNode[] => {
      const [scalar, part] = [`ranges/${type}/${i}`, `ranges/${type}/${i}/one`];
      parts.push(part);
      const keepdims = new Map([['keepdims', { kind: 'int', value: 0n } as const]]);
      return [
        { type, domain: '', name: scalar, inputs: [name], outputs: [scalar], attributes: keepdims },
        node('Reshape', [scalar, 'ranges/one'], part),
      ];
    }),
  );
  const joined = {
    ...node('Concat', parts, 'ranges'),
    attributes: new Map([['axis', { kind: 'int', value: 0n } as const]]),
  };
  const { graph } = model;
  return writeModel({
    ...model,
    graph: prunedGraph({
      ...graph,
      nodes: [...graph.nodes, ...nodes, joined],
      initializers: new Map(graph.initializers).set('ranges/one', one),
      outputs: [{ name: 'ranges', dtype: 'float32', shape: [parts.length] }],
    }),
  });
}

function node(type: string, inputs: string[], output: string): GraphNode {
  return { type, domain: '', name: output, inputs, outputs: [output], attributes: new Map() };
}

/** The plan's ranges, all known. @param measured of several runs of `composeRanges` */
export function completeRanges(plan: QuantisationPlan, measured: Iterable<Float32Array>): Map<string, Range> {
  const names = unknownRanges(plan);
  const found = names.map((): Range => ({ low: 0, high: 0 }));
  for (const numbers of measured)
    for (const [i, range] of found.entries()) {
      range.low = Math.min(range.low, numbers[2 * i]!);
      range.high = Math.max(range.high, numbers[2 * i + 1]!);
    }
  const byName = new Map(names.map((name, i) => [name, found[i]!]));
  return new Map([...plan.values].map(([name, range]) => [name, range ?? byName.get(name)!]));
}
