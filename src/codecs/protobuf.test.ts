import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import {
  asFloats,
  asInt64,
  asInt64s,
  asNumber,
  asString,
  ProtobufError,
  ProtobufWriter,
  readFields,
} from './protobuf.ts';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Inner { repeated int64 numbers = 1; repeated float floats = 2; }
  message Outer { int64 small = 1; int64 negative = 2; string text = 3; bytes raw = 4; float ratio = 5; Inner inner = 6; double wide = 7; }
`);
const Outer = root.lookupType('Outer');

function written(): Uint8Array {
  return new ProtobufWriter()
    .varint(1, 300)
    .varint(2, -7n)
    .string(3, '見立て')
    .bytes(4, Uint8Array.of(0, 255))
    .float(5, 0.25)
    .message(6, (inner) => inner.packedVarints(1, [1, -1n, 2n ** 53n]).packedFloats(2, [1.5, -2]))
    .finish();
}

describe('ProtobufWriter', () => {
  it('is read by protobufjs', () => {
    const value = Outer.toObject(Outer.decode(written()), { longs: String, bytes: Array });
    expect(value).toEqual({
      small: '300',
      negative: '-7',
      text: '見立て',
      raw: [0, 255],
      ratio: 0.25,
      inner: { numbers: ['1', '-1', '9007199254740992'], floats: [1.5, -2] },
    });
  });
});

describe('readFields', () => {
  it('reads what protobufjs writes', () => {
    const bytes = Outer.encode({
      small: 300,
      negative: -7,
      text: '見立て',
      inner: { numbers: [1, -1], floats: [1.5] },
      wide: 2,
    }).finish();
    const fields = new Map([...readFields(bytes)].map((field) => [field.field, field]));
    expect(asNumber(fields.get(1)!)).toBe(300);
    expect(asInt64(fields.get(2)!)).toBe(-7n);
    expect(asString(fields.get(3)!)).toBe('見立て');
    expect(fields.get(7)!.bytes).toHaveLength(8);
    const inner = [...readFields(fields.get(6)!.bytes)];
    expect(asInt64s(inner[0]!)).toEqual([1n, -1n]);
    expect([...asFloats(inner[1]!)]).toEqual([1.5]);
  });

  it.each([
    ['a length past the end', [0x1a, 0x7f, 0x61]],
    ['a length of 2^60', [0x1a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ['a varint without end', [0x08, 0x80]],
    ['a varint of eleven bytes', [0x08, ...Array(10).fill(0x80), 0]],
    ['field number 0', [0x00, 0x00]],
    ['a group', [0x0b]],
    ['half a float', [0x2d, 0, 0]],
  ])('rejects %s', (_, bytes) => {
    expect(() => [...readFields(Uint8Array.from(bytes))]).toThrow(ProtobufError);
  });
});
