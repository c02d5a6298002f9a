import { Tensor } from 'onnxruntime-node';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../codecs/protobuf.ts';
import { GraphBuilder } from './graph-builder.ts';
import { readModel } from './read-model.ts';
import { createSession } from './session.ts';
import { upgradedOpset } from './upgrade-opset.ts';
import { writeModel } from './write-model.ts';

/** The part of github.com/onnx/onnx, onnx/onnx.proto that Mitate writes. */
const { root } = protobuf.parse(`
  syntax = "proto2";
  message AttributeProto {
    optional string name = 1; optional float f = 2; optional int64 i = 3; optional bytes s = 4; optional TensorProto t = 5; optional GraphProto g = 6;
    repeated float floats = 7; repeated int64 ints = 8; repeated bytes strings = 9; optional int32 type = 20;
  }
  message NodeProto {
    repeated string input = 1; repeated string output = 2; optional string name = 3; optional string op_type = 4; repeated AttributeProto attribute = 5;
    optional string domain = 7;
  }
  message TensorProto { repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8; optional bytes raw_data = 9; }
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  message TensorShapeProto { repeated Dimension dim = 1; }
  message TensorType { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
  message TypeProto { optional TensorType tensor_type = 1; }
  message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; }
  message GraphProto {
    repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5; repeated ValueInfoProto input = 11;
    repeated ValueInfoProto output = 12;
  }
  message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
  message StringStringEntryProto { optional string key = 1; optional string value = 2; }
  message ModelProto {
    optional int64 ir_version = 1; optional string producer_name = 2; optional GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8;
    repeated StringStringEntryProto metadata_props = 14;
  }
`);
const ModelProto = root.lookupType('ModelProto');

function sample(): GraphBuilder {
  const graph = new GraphBuilder('sample');
  const x = graph.input('x', 'float32', ['N', 2]);
  const weight = graph.constant(Float32Array.of(1, 2, 3, 4), [2, 2], { name: 'weight' });
  const y = graph.op('Gemm', [x, weight], { alpha: 0.5, transB: true });
  graph.output('y', graph.op('ReduceSum', [y, graph.int64([-1])], { keepdims: 0 }), 'float32', ['N']);
  graph.metadata.set('purpose', 'test');
  return graph;
}

async function run(bytes: Uint8Array, feeds: Record<string, Tensor>): Promise<Record<string, number[]>> {
  const session = await createSession(bytes);
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, [...(value.data as Float32Array)]]));
}
const ones = () => new Tensor('float32', Float32Array.of(1, 1), [1, 2]);

describe('GraphBuilder', () => {
  it('writes what protobufjs reads as onnx.proto', () => {
    const model = ModelProto.toObject(ModelProto.decode(sample().toBytes()), { longs: Number, bytes: Array });
    expect(model).toMatchObject({
      irVersion: 9,
      producerName: 'mitate',
      opsetImport: [{ domain: '', version: 20 }],
      metadataProps: [{ key: 'purpose', value: 'test' }],
      graph: {
        name: 'sample',
        node: [
          {
            opType: 'Gemm',
            input: ['x', 'weight'],
            attribute: [
              { name: 'alpha', f: 0.5, type: 1 },
              { name: 'transB', i: 1, type: 2 },
            ],
          },
          { opType: 'ReduceSum' },
          { opType: 'Identity', output: ['y'] },
        ],
        initializer: [
          { name: 'weight', dims: [2, 2], dataType: 1, rawData: expect.any(Array) },
          { dims: [1], dataType: 7 },
        ],
        input: [
          { name: 'x', type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'N' }, { dimValue: 2 }] } } } },
        ],
      },
    });
  });

  it('gives the same bytes each time, and they survive reading and writing', () => {
    const bytes = sample().toBytes();
    expect(sample().toBytes()).toEqual(bytes);
    expect(writeModel(readModel(bytes))).toEqual(bytes);
  });

  it('is computed by ONNX Runtime', async () => {
    expect(await run(sample().toBytes(), { x: ones() })).toEqual({ y: [5] });
  });

  it('takes in another graph, twice, and leaves out what no output needs', async () => {
    const source = readModel(sample().toBytes()).graph;
    const graph = new GraphBuilder('pair');
    const x = graph.input('x', 'float32', ['N', 2]);
    const first = graph.import(source, { prefix: 'a/', inputs: { x } })('y');
    const second = graph.import(source, { prefix: 'b/', inputs: { x: graph.op('Neg', [x]) } })('y');
    graph.import(source, { prefix: 'unused/', inputs: { x } });
    graph.output('sum', graph.op('Sub', [first, second]), 'float32', ['N']);
    const bytes = graph.toBytes();
    expect(await run(bytes, { x: ones() })).toEqual({ sum: [10] });
    expect(readModel(bytes).graph.nodes.filter((node) => node.name.startsWith('unused/'))).toEqual([]);
  });

  it('refuses names defined twice and values that are not defined', () => {
    const graph = sample();
    expect(() => graph.input('x', 'float32', [1])).toThrow('"x" is defined twice');
    expect(() => graph.value('z')).toThrow('"z", which is not defined');
    const other = new GraphBuilder('other').input('elsewhere', 'float32', [1]);
    expect(() => graph.op('Relu', [other])).toThrow('"elsewhere"');
  });
});

/** A model of one constant, its TensorProto filled by `write`, passed out. */
function withConstant(write: (tensor: ProtobufWriter) => void, elementType: number, opset = 20): Uint8Array {
  return new ProtobufWriter()
    .varint(1, 8)
    .message(7, (graph) =>
      graph
        .message(1, (node) => node.string(1, 'c').string(2, 'y').string(4, 'Identity'))
        .string(2, 'g')
        .message(5, (tensor) => write(tensor.string(8, 'c')))
        .message(12, (port) =>
          port.string(1, 'y').message(2, (type) => type.message(1, (t) => t.varint(1, elementType))),
        ),
    )
    .message(8, (w) => w.varint(2, opset))
    .finish();
}

describe('readModel', () => {
  it.each([
    ['float_data', 1, (t: ProtobufWriter) => t.packedFloats(4, [1.5, -2]), Float32Array.of(1.5, -2)],
    ['int32_data as uint8', 2, (t: ProtobufWriter) => t.packedVarints(5, [1, 255]), Uint8Array.of(1, 255)],
    ['int32_data as int8', 3, (t: ProtobufWriter) => t.packedVarints(5, [1, -1]), Int8Array.of(1, -1)],
    ['int32_data', 6, (t: ProtobufWriter) => t.packedVarints(5, [1, -70000]), Int32Array.of(1, -70000)],
    ['int64_data', 7, (t: ProtobufWriter) => t.packedVarints(7, [1, -(2n ** 40n)]), BigInt64Array.of(1n, -(2n ** 40n))],
  ])('reads %s', (_, code, write, expected) => {
    const bytes = withConstant((tensor) => void write(tensor.varint(1, 2).varint(2, code)), code);
    expect(readModel(bytes).graph.initializers.get('c')!.data).toEqual(new Uint8Array(expected.buffer));
  });

  it('refuses constants in another file before ONNX Runtime could open it', async () => {
    const bytes = withConstant((tensor) => {
      tensor.varint(1, 2).varint(2, 1);
      tensor.message(13, (entry) => entry.string(1, 'location').string(2, '/etc/passwd')).varint(14, 1);
    }, 1);
    await expect(createSession(bytes)).rejects.toMatchObject({ code: 'MODEL_EXTERNAL_DATA', details: { tensor: 'c' } });
  });

  it('refuses a constant shorter than its shape', () => {
    const bytes = withConstant(
      (tensor) =>
        void tensor
          .varint(1, 2 ** 40)
          .varint(2, 1)
          .bytes(9, new Uint8Array(4)),
      1,
    );
    expect(() => readModel(bytes)).toThrow(expect.objectContaining({ code: 'MODEL_MALFORMED' }));
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a cut file', sample().toBytes().subarray(0, 100)],
    ['HTML', new TextEncoder().encode('<!doctype html><html>')],
  ])('refuses %s', async (_, bytes) => {
    await expect(createSession(bytes)).rejects.toMatchObject({ code: 'MODEL_MALFORMED' });
  });

  it('passes on why ONNX Runtime refuses', async () => {
    const graph = new GraphBuilder('bad');
    const x = graph.input('x', 'float32', [2, 3]);
    graph.output('y', graph.op('MatMul', [x, x]), 'float32', [2, 3]);
    await expect(createSession(graph.toBytes())).rejects.toMatchObject({
      code: 'ONNX_REFUSED',
      message: /MatMul|dimension/i,
    });
  });
});

describe('upgradedOpset', () => {
  it('moves the axes of reductions from attribute to input', async () => {
    const graph = new GraphBuilder('old', { opset: 13 });
    const x = graph.input('x', 'float32', [1, 2]);
    graph.output('y', graph.op('ReduceMean', [x], { keepdims: 0 }), 'float32', [1]);
    const old = readModel(graph.toBytes());
    old.graph.nodes[0]!.attributes.set('axes', { kind: 'ints', value: [1n] });
    const feeds = { x: new Tensor('float32', Float32Array.of(2, 4), [1, 2]) };
    expect(await run(writeModel(old), feeds)).toEqual({ y: [3] });
    const upgraded = upgradedOpset(old);
    expect(upgraded.opsets.get('')).toBe(20);
    expect(await run(writeModel(upgraded), feeds)).toEqual({ y: [3] });
  });

  it('refuses opsets before 13', () => {
    expect(() => upgradedOpset(readModel(new GraphBuilder('old', { opset: 11 }).toBytes()))).toThrow('opset 11');
  });
});
