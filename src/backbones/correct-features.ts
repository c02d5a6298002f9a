import { sha256 } from '../codecs/digest.ts';
import { readModel } from '../onnx/read-model.ts';
import { tensorOf } from '../onnx/tensor.ts';
import { writeModel } from '../onnx/write-model.ts';
import type { Backbone } from './backbone.ts';

/** Of each feature, [D]: `slope * feature + offset`. */
export interface FeatureLine {
  slope: Float32Array;
  offset: Float32Array;
}

/**
 * Least squares: the line that gives the wanted features from others, feature by feature. A feature that is constant, or noise, becomes its mean.
 * @param wanted, given the same photos in the same order, [D] each
 */
export function fitFeatureLine(wanted: readonly Float32Array[], given: readonly Float32Array[]): FeatureLine {
  const size = wanted[0]?.length ?? 0;
  const count = wanted.length;
  const [slope, offset] = [new Float32Array(size), new Float32Array(size)];
  const mean = (rows: readonly Float32Array[], d: number) => rows.reduce((sum, row) => sum + row[d]!, 0) / count;
  for (let d = 0; d < size; d++) {
    const [meanWanted, meanGiven] = [mean(wanted, d), mean(given, d)];
    let [together, alone] = [0, 0];
    for (let i = 0; i < count; i++) {
      const from = given[i]![d]! - meanGiven;
      together += from * (wanted[i]![d]! - meanWanted);
      alone += from * from;
    }
    slope[d] = alone > 0 ? together / alone : 0;
    offset[d] = meanWanted - slope[d]! * meanGiven;
  }
  return { slope, offset };
}

/** The backbone with its features on the line; taps stay as they are. */
export function correctedFeatures(backbone: Backbone, { slope, offset }: FeatureLine): Backbone {
  const model = readModel(backbone.bytes);
  const { graph } = model;
  const [raw, scaled] = ['int8/features/raw', 'int8/features/scaled'];
  const [slopeName, offsetName] = ['int8/features/slope', 'int8/features/offset'];
  const renamed = (name: string) => (name === 'features' ? raw : name);
  const nodes = graph.nodes.map((node) => ({ ...node, outputs: node.outputs.map(renamed) }));
  const line = (type: string, inputs: string[], output: string) => ({
    ...{ type, domain: '', name: `int8/features/${type}`, inputs, outputs: [output], attributes: new Map() },
  });
  const bytes = writeModel({
    ...model,
    graph: {
      ...graph,
      nodes: [...nodes, line('Mul', [raw, slopeName], scaled), line('Add', [scaled, offsetName], 'features')],
      initializers: new Map(graph.initializers).set(slopeName, tensorOf(slope)).set(offsetName, tensorOf(offset)),
    },
  });
  return { ...backbone, bytes, digest: sha256(bytes) };
}
