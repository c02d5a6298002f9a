import { ProtobufWriter } from '../codecs/protobuf.ts';
import type { Attribute, Graph, GraphNode, GraphPort, OnnxModel } from './graph.ts';
import { dtypeCodes, type TensorData } from './tensor.ts';

const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8 } as const;

/** Bytes of an ONNX ModelProto. Field numbers: github.com/onnx/onnx, onnx/onnx.proto. Equal models give equal bytes. */
export function writeModel(model: OnnxModel): Uint8Array {
  const writer = new ProtobufWriter().varint(1, model.irVersion).string(2, model.producer);
  writer.message(7, (w) => writeGraph(w, model.graph));
  for (const [domain, version] of [...model.opsets].sort(byName)) {
    writer.message(8, (w) => w.string(1, domain).varint(2, version));
  }
  for (const [key, value] of [...model.metadata].sort(byName))
    writer.message(14, (w) => w.string(1, key).string(2, value));
  return writer.finish();
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeGraph(writer: ProtobufWriter, graph: Graph): void {
  for (const node of graph.nodes) writer.message(1, (w) => writeNode(w, node));
  writer.string(2, graph.name);
  for (const [name, tensor] of graph.initializers) writer.message(5, (w) => writeTensor(w, tensor, name));
  for (const port of graph.inputs) writer.message(11, (w) => writePort(w, port));
  for (const port of graph.outputs) writer.message(12, (w) => writePort(w, port));
}

function writeNode(writer: ProtobufWriter, node: GraphNode): void {
  for (const input of node.inputs) writer.string(1, input);
  for (const output of node.outputs) writer.string(2, output);
  writer.string(3, node.name).string(4, node.type);
  for (const [name, attribute] of node.attributes) writer.message(5, (w) => writeAttribute(w, name, attribute));
  if (node.domain !== '') writer.string(7, node.domain);
}

function writeAttribute(writer: ProtobufWriter, name: string, attribute: Attribute): void {
  writer.string(1, name);
  switch (attribute.kind) {
    case 'float':
      writer.float(2, attribute.value);
      break;
    case 'int':
      writer.varint(3, attribute.value);
      break;
    case 'string':
      writer.string(4, attribute.value);
      break;
    case 'tensor':
      writer.message(5, (w) => writeTensor(w, attribute.value));
      break;
    case 'graph':
      writer.message(6, (w) => writeGraph(w, attribute.value));
      break;
    case 'floats':
      for (const value of attribute.value) writer.float(7, value);
      break;
    case 'ints':
      for (const value of attribute.value) writer.varint(8, value);
      break;
    case 'strings':
      for (const value of attribute.value) writer.string(9, value);
      break;
  }
  writer.varint(20, attributeTypes[attribute.kind]);
}

function writeTensor(writer: ProtobufWriter, tensor: TensorData, name?: string): void {
  for (const dim of tensor.shape) writer.varint(1, dim);
  writer.varint(2, dtypeCodes[tensor.dtype]);
  if (name !== undefined) writer.string(8, name);
  writer.bytes(9, tensor.data);
}

function writePort(writer: ProtobufWriter, port: GraphPort): void {
  writer.string(1, port.name);
  const { dtype, shape } = port;
  if (dtype === undefined) return;
  writer.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.varint(1, dtypeCodes[dtype]);
      if (shape === undefined) return;
      tensor.message(2, (w) => {
        for (const dim of shape) w.message(1, (d) => (typeof dim === 'number' ? d.varint(1, dim) : d.string(2, dim)));
      });
    }),
  );
}
