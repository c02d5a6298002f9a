import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';

const pair = z.tuple([z.int(), z.int()]);

/** The fields that the converter reads; those that a layer kind lacks are undefined. */
const layerSchema = z.object({
  name: z.string(),
  class_name: z.string(),
  config: z.object({
    data_format: z.literal('channels_last').optional(),
    batch_input_shape: z.array(z.int().nullable()).optional(),
    kernel_size: pair.optional(),
    pool_size: pair.optional(),
    strides: pair.optional(),
    dilation_rate: pair.optional(),
    depth_multiplier: z.int().optional(),
    padding: z.union([z.enum(['same', 'valid']), z.tuple([pair, pair])]).optional(),
    use_bias: z.boolean().optional(),
    activation: z.string().optional(),
    axis: z.int().optional(),
    epsilon: z.number().optional(),
    scale: z.boolean().optional(),
    center: z.boolean().optional(),
    max_value: z.number().nullable().optional(),
    negative_slope: z.number().optional(),
    threshold: z.number().optional(),
  }),
  /** One call per layer; each input is [layer, node index, tensor index, options]. */
  inbound_nodes: z.array(z.array(z.tuple([z.string(), z.int(), z.int(), z.unknown()]))).max(1),
});
export type KerasLayer = z.infer<typeof layerSchema>;

const modelSchema = z.object({
  modelTopology: z.object({ model_config: z.object({ config: z.object({ layers: z.array(layerSchema) }) }) }),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.int()),
          quantization: z.object({ dtype: z.literal('uint8'), min: z.number(), scale: z.number() }),
        }),
      ),
    }),
  ),
});

/** A weight as stored: value = min + scale * byte, row-major. */
export interface QuantisedWeight {
  shape: number[];
  bytes: Uint8Array;
  min: number;
  scale: number;
}

export interface LayersModel {
  layers: KerasLayer[];
  /** By `layer/kernel`, `layer/gamma` and so on. */
  weights: Map<string, QuantisedWeight>;
}

/** Reads a TensorFlow.js layers model as nsfwjs bundles it: CommonJS modules, the topology as an object, each weight shard as base64. */
export function readLayersModel(folder: string): LayersModel {
  const load = createRequire(import.meta.url);
  const model = modelSchema.parse(load(join(folder, 'model.min.js')));
  const weights = new Map<string, QuantisedWeight>();
  for (const group of model.weightsManifest) {
    const shards = group.paths.map((path) => Buffer.from(load(join(folder, `${path}.min.js`)) as string, 'base64'));
    const bytes = Buffer.concat(shards);
    let offset = 0;
    for (const { name, shape, quantization } of group.weights) {
      const size = shape.reduce((product, dim) => product * dim, 1);
      weights.set(name, { shape, bytes: bytes.subarray(offset, offset + size), ...quantization });
      offset += size;
    }
    if (offset !== bytes.length)
      throw new Error(`${folder}: the weights take ${offset} bytes, the shards have ${bytes.length}`);
  }
  return { layers: model.modelTopology.model_config.config.layers, weights };
}

/** Names of a layer's input layers. */
export function inputsOf(layer: KerasLayer): string[] {
  return (layer.inbound_nodes[0] ?? []).map(([name]) => name);
}

/** The named layers and all they depend on, in topological order. */
export function layersNeeded(model: LayersModel, names: readonly string[]): KerasLayer[] {
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  const needed = new Set<string>();
  const ordered: KerasLayer[] = [];
  const visit = (name: string) => {
    if (needed.has(name)) return;
    needed.add(name);
    const layer = byName.get(name);
    if (!layer) throw new Error(`the Keras model has no layer "${name}"`);
    inputsOf(layer).forEach(visit);
    ordered.push(layer);
  };
  names.forEach(visit);
  return ordered;
}
