import type { Value } from '../onnx/graph-builder.ts';
import type { Backbone } from './backbone.ts';
import { startGraph } from './compose.ts';

/**
 * ONNX bytes: `pixels uint8 [N, H, W, 3] -> activations float32 [N, L]`. Tap after tap: the activations [C, H, W], then their squared
 * deviations from the photo's own channel means [C, H, W]. L is 677,376 for mobilenet-v2.
 */
export function composeActivations(backbone: Backbone): Uint8Array {
  const { graph, pixels, attach } = startGraph('activations', backbone);
  const parts = attach(pixels).taps.flatMap((tap): Value[] => {
    const deviation = graph.op('Sub', [tap, graph.op('GlobalAveragePool', [tap])]);
    const squared = graph.op('Mul', [deviation, deviation]);
    return [graph.op('Flatten', [tap], { axis: 1 }), graph.op('Flatten', [squared], { axis: 1 })];
  });
  graph.output('activations', graph.op('Concat', parts, { axis: 1 }), 'float32', ['N', activationCount(backbone)]);
  return graph.toBytes();
}

/** L of `composeActivations`. */
export function activationCount({ taps }: Pick<Backbone, 'taps'>): number {
  return 2 * taps.reduce((sum, { channels, height, width }) => sum + channels * height * width, 0);
}
