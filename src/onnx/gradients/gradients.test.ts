import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Random } from '../../math/stats/random.ts';
import { GraphBuilder, type Value } from '../graph-builder.ts';
import { createSession } from '../session.ts';
import { gradients } from './gradients.ts';

type Build = (graph: GraphBuilder, a: Value, b: Value) => Value;
interface Case {
  build: Build;
  a: number[];
  b: number[];
  /** Range of the numbers drawn. */
  range?: [number, number];
}

const cases: Record<string, Case> = {
  'Add, bias broadcast over rows': { build: (g, a, b) => g.op('Add', [a, b]), a: [3, 4], b: [4] },
  'Add, column broadcast': { build: (g, a, b) => g.op('Add', [a, b]), a: [3, 4], b: [3, 1] },
  Sub: { build: (g, a, b) => g.op('Sub', [a, b]), a: [3, 4], b: [1, 4] },
  Mul: { build: (g, a, b) => g.op('Mul', [a, b]), a: [3, 4], b: [4] },
  Neg: { build: (g, a, b) => g.op('Mul', [g.op('Neg', [a]), b]), a: [3, 4], b: [3, 4] },
  Exp: { build: (g, a, b) => g.op('Mul', [g.op('Exp', [a]), b]), a: [3, 4], b: [3, 4] },
  Pow: { build: (g, a, b) => g.op('Mul', [g.op('Pow', [a, g.scalar(2.5)]), b]), a: [3, 4], b: [3, 4], range: [0.5, 2] },
  Relu: { build: (g, a, b) => g.op('Mul', [g.op('Relu', [a]), b]), a: [3, 4], b: [3, 4] },
  'Gemm with a bias': { build: (g, a, b) => g.op('Gemm', [a, g.constant(ramp(8), [4, 2]), b]), a: [3, 4], b: [2] },
  'Gemm, its weights': { build: (g, a, b) => g.op('Gemm', [g.constant(ramp(12), [3, 4]), a, b]), a: [4, 2], b: [2] },
  LogSoftmax: { build: (g, a, b) => g.op('Mul', [g.op('LogSoftmax', [a], { axis: -1 }), b]), a: [3, 4], b: [3, 4] },
  'ReduceSum, axis kept': {
    build: (g, a, b) => g.op('Mul', [g.op('ReduceSum', [a, g.int64([1])], { keepdims: 1 }), b]),
    a: [3, 4],
    b: [3, 1],
  },
  'ReduceSum, axis dropped': {
    build: (g, a, b) => g.op('Mul', [g.op('ReduceSum', [a, g.int64([0])], { keepdims: 0 }), b]),
    a: [3, 4],
    b: [4],
  },
  'ReduceMean, axis dropped': {
    build: (g, a, b) => g.op('Mul', [g.op('ReduceMean', [a, g.int64([-1])], { keepdims: 0 }), b]),
    a: [3, 4],
    b: [3],
  },
  'ReduceMean of rows that were summed': {
    build: (g, a, b) =>
      g.op('Mul', [g.op('ReduceMean', [g.op('ReduceSum', [a, g.int64([1])], { keepdims: 0 })], { keepdims: 0 }), b]),
    a: [3, 4],
    b: [],
  },
  'a value used twice': { build: (g, a, b) => g.op('Mul', [g.op('Add', [a, g.op('Exp', [a])]), b]), a: [3, 4], b: [4] },
};

function ramp(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i + 1));
}

/** Loss = sum of squares / 2 of what the case builds: each output pulls with a different strength. */
function lossGraph({ build, a, b }: Case) {
  const graph = new GraphBuilder('check');
  const inputs = [graph.input('a', 'float32', a), graph.input('b', 'float32', b)] as const;
  const out = build(graph, ...inputs);
  const halfSquares = graph.op('Mul', [graph.op('Mul', [out, out]), graph.scalar(0.5)]);
  const loss = graph.op('ReduceSum', [halfSquares], { keepdims: 0 });
  const [da, db] = gradients(graph, loss, inputs) as [Value, Value];
  graph.output('loss', loss, 'float32', []);
  graph.output('da', da, 'float32', a);
  graph.output('db', db, 'float32', b);
  return graph.toBytes();
}

describe('gradients agree with finite differences', () => {
  it.each(Object.entries(cases))('%s', async (name, example) => {
    const session = await createSession(lossGraph(example));
    const random = new Random(name);
    const [low, high] = example.range ?? [-1, 1];
    const draw = (shape: number[]) =>
      Float32Array.from({ length: shape.reduce((x, y) => x * y, 1) }, () => random.range(low, high));
    const values = { a: draw(example.a), b: draw(example.b) };
    const run = () => session.run({ a: new Tensor(values.a, example.a), b: new Tensor(values.b, example.b) });
    const lossOf = async () => ((await run()).loss!.data as Float32Array)[0]!;
    const exact = await run();
    for (const key of ['a', 'b'] as const) {
      const got = exact[`d${key}`]!.data as Float32Array;
      expect(got.length).toBe(values[key].length);
      for (let i = 0; i < got.length; i++) {
        const kept = values[key][i]!;
        const step = 1e-2;
        values[key][i] = kept + step;
        const above = await lossOf();
        values[key][i] = kept - step;
        const below = await lossOf();
        values[key][i] = kept;
        const slope = (above - below) / (2 * step);
        // Central differences in float32: error of order step^2 and 1e-7 / step.
        expect(Math.abs(got[i]! - slope), `${key}[${i}]: ${got[i]} against ${slope}`).toBeLessThan(
          5e-3 * Math.max(1, Math.abs(slope)),
        );
      }
    }
  });

  it('names the operator that has no rule', () => {
    const graph = new GraphBuilder('check');
    const x = graph.input('x', 'float32', []);
    const loss = graph.op('Floor', [x]);
    expect(() => gradients(graph, loss, [x])).toThrow(/Floor .* has no rule/);
  });

  it('says when a parameter does not reach the loss', () => {
    const graph = new GraphBuilder('check');
    const x = graph.input('x', 'float32', [3]);
    const other = graph.input('other', 'float32', [3]);
    const loss = graph.op('ReduceSum', [x], { keepdims: 0 });
    expect(() => gradients(graph, loss, [other])).toThrow(/"other" does not reach/);
  });
});
