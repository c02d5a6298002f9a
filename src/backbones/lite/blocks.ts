/** One inverted residual block of EfficientNet-Lite0. */
export interface Block {
  /** Side of the depthwise kernel. */
  kernel: 3 | 5;
  stride: 1 | 2;
  inputs: number;
  /** Channels inside: `inputs` times the expansion of 6; the first block does not expand. */
  expanded: number;
  outputs: number;
}

/** Channels after the stem, a 3x3 convolution of stride 2. */
export const stemChannels = 32;

/** Stages: kernel, stride of the first block, channels, blocks. Source: Tan and Le 2019, table 1; the Lite variant does not scale stem and depth. */
const stages = [
  [3, 1, 16, 1],
  [3, 2, 24, 2],
  [5, 2, 40, 2],
  [3, 2, 80, 3],
  [5, 1, 112, 3],
  [5, 2, 192, 4],
  [3, 1, 320, 1],
] as const;

export const blocks: readonly Block[] = stages.flatMap(([kernel, stride, outputs, count], stage) =>
  Array.from({ length: count }, (_, i): Block => {
    const inputs = i > 0 ? outputs : (stages[stage - 1]?.[2] ?? stemChannels);
    return { kernel, stride: i > 0 ? 1 : stride, inputs, expanded: stage === 0 ? inputs : 6 * inputs, outputs };
  }),
);
