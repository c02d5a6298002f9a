import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import { createSession } from '../../onnx/session.ts';
import { enlarge } from './enlarge.ts';
import { quietenBorder } from './quieten-border.ts';

async function through(build: (graph: GraphBuilder, map: never) => unknown, values: number[], shape: [number, number]) {
  const graph = new GraphBuilder('map');
  const map = graph.input('map', 'float32', ['N', ...shape]);
  graph.output('out', build(graph, map as never) as typeof map, 'float32', ['N', 'H', 'W']);
  const session = await createSession(graph.toBytes());
  const { out } = await session.run({ map: new Tensor('float32', Float32Array.from(values), [1, ...shape]) });
  return { values: out!.data as Float32Array, dims: out!.dims };
}
const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

describe('enlarge', () => {
  it('keeps the sum at whole and at odd factors', async () => {
    const values = Array.from({ length: 7 * 5 }, (_, i) => Math.sin(i));
    for (const to of [
      { height: 14, width: 10 },
      { height: 17, width: 8 },
    ]) {
      const larger = await through((graph, map) => enlarge(graph, map, { height: 7, width: 5 }, to), values, [7, 5]);
      expect(larger.dims).toEqual([1, to.height, to.width]);
      expect(total(larger.values)).toBeCloseTo(total(values), 4);
    }
  });
});

describe('quietenBorder', () => {
  it('takes a lit corner down to its neighbour and keeps the sum', async () => {
    const values = new Array(36).fill(0);
    values[0] = 9;
    const quiet = await through((graph, map) => quietenBorder(graph, map, { height: 6, width: 6 }), values, [6, 6]);
    expect(quiet.values[0]).toBeCloseTo(0.25, 5);
    expect(total(quiet.values)).toBeCloseTo(9, 4);
  });
});
