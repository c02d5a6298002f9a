import {
  asFloat,
  asFloats,
  asInt64,
  asInt64s,
  asNumber,
  asString,
  ProtobufError,
  readFields,
} from '../codecs/protobuf.ts';
import { MitateError } from '../errors/index.ts';
import type { Attribute, Graph, GraphNode, GraphPort, OnnxModel } from './graph.ts';
import { readTensor } from './read-tensor.ts';
import { type Dim, type DType, dtypeOf } from './tensor.ts';

/**
 * Reads an ONNX file: graph, constants as raw bytes (views of the input where it can), opsets, metadata.
 * @throws MODEL_MALFORMED when the bytes are not an ONNX model
 * @throws MODEL_EXTERNAL_DATA when a constant lies in another file
 * @throws MODEL_UNSUPPORTED for what Mitate cannot represent (functions, sparse constants, sequences)
 */
export function readModel(bytes: Uint8Array): OnnxModel {
  try {
    return parseModel(bytes);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new MitateError('MODEL_MALFORMED', { reason: error.message, bytes: bytes.length }, { cause: error });
  }
}

function parseModel(bytes: Uint8Array): OnnxModel {
  const model = { irVersion: 0, opsets: new Map<string, number>(), producer: '', metadata: new Map<string, string>() };
  let graph: Graph | undefined;
  for (const field of readFields(bytes)) {
    if (field.field === 1) model.irVersion = asNumber(field);
    else if (field.field === 2) model.producer = asString(field);
    else if (field.field === 7) graph = parseGraph(field.bytes);
    else if (field.field === 8) {
      const { domain, version } = parseOpset(field.bytes);
      model.opsets.set(domain, version);
    } else if (field.field === 14) {
      const [key, value] = parseEntry(field.bytes);
      model.metadata.set(key, value);
    } else if (field.field === 25) throw new MitateError('MODEL_UNSUPPORTED', { what: 'model-local functions' });
  }
  if (!graph || !model.opsets.has('')) {
    throw new MitateError('MODEL_MALFORMED', { reason: 'no graph or no operator set', bytes: bytes.length });
  }
  return { ...model, graph };
}

function parseOpset(bytes: Uint8Array): { domain: string; version: number } {
  const opset = { domain: '', version: 0 };
  for (const field of readFields(bytes)) {
    if (field.field === 1) opset.domain = asString(field) === 'ai.onnx' ? '' : asString(field);
    else if (field.field === 2) opset.version = asNumber(field);
  }
  return opset;
}

function parseEntry(bytes: Uint8Array): [string, string] {
  const entry: [string, string] = ['', ''];
  for (const field of readFields(bytes))
    if (field.field === 1 || field.field === 2) entry[field.field - 1] = asString(field);
  return entry;
}

function parseGraph(bytes: Uint8Array): Graph {
  const graph: Graph = { name: '', nodes: [], initializers: new Map(), inputs: [], outputs: [] };
  for (const field of readFields(bytes)) {
    if (field.field === 1) graph.nodes.push(parseNode(field.bytes));
    else if (field.field === 2) graph.name = asString(field);
    else if (field.field === 5) {
      const { name, ...tensor } = readTensor(field.bytes);
      graph.initializers.set(name, tensor);
    } else if (field.field === 11) graph.inputs.push(parsePort(field.bytes));
    else if (field.field === 12) graph.outputs.push(parsePort(field.bytes));
    else if (field.field === 15) throw new MitateError('MODEL_UNSUPPORTED', { what: 'sparse constants' });
  }
  return graph;
}

function parseNode(bytes: Uint8Array): GraphNode {
  const node: GraphNode = { type: '', domain: '', name: '', inputs: [], outputs: [], attributes: new Map() };
  for (const field of readFields(bytes)) {
    if (field.field === 1) node.inputs.push(asString(field));
    else if (field.field === 2) node.outputs.push(asString(field));
    else if (field.field === 3) node.name = asString(field);
    else if (field.field === 4) node.type = asString(field);
    else if (field.field === 5) {
      const [name, attribute] = parseAttribute(field.bytes);
      node.attributes.set(name, attribute);
    } else if (field.field === 7) node.domain = asString(field) === 'ai.onnx' ? '' : asString(field);
  }
  return node;
}

const attributeKinds = ['', 'float', 'int', 'string', 'tensor', 'graph', 'floats', 'ints', 'strings'] as const;

function parseAttribute(bytes: Uint8Array): [string, Attribute] {
  let name = '';
  let type = 0;
  const found = { float: 0, int: 0n, string: '', floats: [], ints: [], strings: [] } as {
    float: number;
    int: bigint;
    string: string;
    tensor?: Extract<Attribute, { kind: 'tensor' }>['value'];
    graph?: Graph;
    floats: number[];
    ints: bigint[];
    strings: string[];
  };
  for (const field of readFields(bytes)) {
    if (field.field === 1) name = asString(field);
    else if (field.field === 2) found.float = asFloat(field);
    else if (field.field === 3) found.int = asInt64(field);
    else if (field.field === 4) found.string = asString(field);
    else if (field.field === 5) found.tensor = readTensor(field.bytes);
    else if (field.field === 6) found.graph = parseGraph(field.bytes);
    else if (field.field === 7) found.floats.push(...asFloats(field));
    else if (field.field === 8) found.ints.push(...asInt64s(field));
    else if (field.field === 9) found.strings.push(asString(field));
    else if (field.field === 20) type = asNumber(field);
  }
  const kind = attributeKinds[type];
  const value = kind ? found[kind] : undefined;
  if (value === undefined) throw new MitateError('MODEL_UNSUPPORTED', { what: `attribute "${name}" of type ${type}` });
  return [name, { kind, value } as Attribute];
}

function parsePort(bytes: Uint8Array): GraphPort {
  const port: GraphPort = { name: '', dtype: undefined, shape: undefined };
  for (const field of readFields(bytes)) {
    if (field.field === 1) port.name = asString(field);
    else if (field.field === 2) Object.assign(port, parseType(field.bytes));
  }
  return port;
}

function parseType(bytes: Uint8Array): { dtype?: DType | undefined; shape?: Dim[] } {
  const type: { dtype?: DType | undefined; shape?: Dim[] } = {};
  for (const field of readFields(bytes)) {
    if (field.field !== 1) continue;
    for (const inner of readFields(field.bytes)) {
      if (inner.field === 1) type.dtype = dtypeOf(asNumber(inner));
      else if (inner.field === 2)
        type.shape = [...readFields(inner.bytes)].filter((f) => f.field === 1).map((f) => parseDim(f.bytes));
    }
  }
  return type;
}

/** An unnamed free size reads as '?'. */
function parseDim(bytes: Uint8Array): Dim {
  let dim: Dim = '?';
  for (const field of readFields(bytes)) {
    if (field.field === 1) dim = asNumber(field);
    else if (field.field === 2) dim = asString(field);
  }
  return dim;
}
