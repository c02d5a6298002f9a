import type { Dim, DType, TensorData } from './tensor.ts';

export type Attribute =
  | { kind: 'int'; value: bigint }
  | { kind: 'float'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'ints'; value: bigint[] }
  | { kind: 'floats'; value: number[] }
  | { kind: 'strings'; value: string[] }
  | { kind: 'tensor'; value: TensorData }
  | { kind: 'graph'; value: Graph };

export interface GraphNode {
  type: string;
  /** '' = ONNX's own operators. */
  domain: string;
  name: string;
  /** Value names; '' = an optional input left out. */
  inputs: string[];
  outputs: string[];
  attributes: Map<string, Attribute>;
}

/** Input or output of a graph. */
export interface GraphPort {
  name: string;
  /** Undefined when missing in the file. */
  dtype: DType | undefined;
  shape: Dim[] | undefined;
}

/** Nodes in topological order. */
export interface Graph {
  name: string;
  nodes: GraphNode[];
  initializers: Map<string, TensorData>;
  inputs: GraphPort[];
  outputs: GraphPort[];
}

export interface OnnxModel {
  irVersion: number;
  /** Domain -> version; '' = ONNX's own. */
  opsets: Map<string, number>;
  producer: string;
  metadata: Map<string, string>;
  graph: Graph;
}
