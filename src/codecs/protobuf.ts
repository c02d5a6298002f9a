/**
 * Protocol Buffers wire format: what ONNX files and tf.train.Example need.
 * Source: protobuf.dev/programming-guides/encoding. Groups (wire types 3, 4) are deprecated and rejected.
 */
const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
type WireType = (typeof wireTypes)[keyof typeof wireTypes];

/** Thrown when bytes are not a protobuf message. Readers wrap it in their own catalogue error. */
export class ProtobufError extends Error {
  /** Byte offset from the start of the message. */
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(`${reason} at byte ${offset}`);
    this.name = 'ProtobufError';
    this.offset = offset;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: false });

function varintBytes(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  while (rest > 0x7fn) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}

function littleEndian(values: ArrayLike<number>): Uint8Array {
  const floats = values instanceof Float32Array ? values : Float32Array.from(values);
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}

/** Writes one message. Fields appear in call order, so equal calls give equal bytes. Large byte strings are copied once, by `finish`. */
export class ProtobufWriter {
  #chunks: Uint8Array[] = [];
  #size = 0;

  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  #tag(field: number, wire: WireType): void {
    this.#push(varintBytes(field * 8 + wire));
  }

  /** int32, int64, uint64, bool, enum. Negative values take ten bytes, as the format requires. */
  varint(field: number, value: number | bigint): this {
    this.#tag(field, wireTypes.varint);
    this.#push(varintBytes(value));
    return this;
  }

  /** float (fixed32). */
  float(field: number, value: number): this {
    this.#tag(field, wireTypes.fixed32);
    this.#push(littleEndian([value]));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, wireTypes.bytes);
    this.#push(varintBytes(value.length));
    this.#push(value);
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  /** An embedded message, filled by `write`. */
  message(field: number, write: (writer: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    write(inner);
    this.#tag(field, wireTypes.bytes);
    this.#push(varintBytes(inner.#size));
    for (const chunk of inner.#chunks) this.#chunks.push(chunk);
    this.#size += inner.#size;
    return this;
  }

  /** Packed repeated int64, int32, enum. */
  packedVarints(field: number, values: Iterable<number | bigint>): this {
    return this.message(field, (inner) => {
      for (const value of values) inner.#push(varintBytes(value));
    });
  }

  packedFloats(field: number, values: ArrayLike<number>): this {
    return this.bytes(field, littleEndian(values));
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#size);
    let offset = 0;
    for (const chunk of this.#chunks) {
      out.set(chunk, offset);
      offset += chunk.length;
    }
    return out;
  }
}

/** One field as encoded. */
export interface WireField {
  field: number;
  wire: WireType;
  /** The value of a varint (unsigned 64-bit); 0n otherwise. */
  varint: bigint;
  /** The payload of the other wire types, as a view of the input; empty for a varint. */
  bytes: Uint8Array;
}

const empty = new Uint8Array(0);

function readVarint(bytes: Uint8Array, start: number): { value: bigint; next: number } {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) throw new ProtobufError('a varint extends past the end', start);
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: start + i + 1 };
  }
  throw new ProtobufError('a varint is longer than ten bytes', start);
}

/** The fields of one message, in file order. @throws ProtobufError at the first invalid byte */
export function* readFields(bytes: Uint8Array): Generator<WireField> {
  let offset = 0;
  while (offset < bytes.length) {
    const start = offset;
    const tag = readVarint(bytes, offset);
    offset = tag.next;
    const field = Number(tag.value >> 3n);
    const wire = Number(tag.value & 7n);
    if (field === 0) throw new ProtobufError('field number 0', start);
    if (wire === wireTypes.varint) {
      const { value, next } = readVarint(bytes, offset);
      offset = next;
      yield { field, wire, varint: value, bytes: empty };
      continue;
    }
    let length: number;
    if (wire === wireTypes.fixed64) length = 8;
    else if (wire === wireTypes.fixed32) length = 4;
    else if (wire === wireTypes.bytes) {
      const size = readVarint(bytes, offset);
      length = Number(size.value);
      offset = size.next;
    } else throw new ProtobufError(`unknown wire type ${wire}`, start);
    if (length > bytes.length - offset) throw new ProtobufError(`field ${field} extends past the end`, start);
    yield { field, wire, varint: 0n, bytes: bytes.subarray(offset, offset + length) };
    offset += length;
  }
}

/** int64 or int32 (two's complement). */
export function asInt64(field: WireField): bigint {
  return BigInt.asIntN(64, field.varint);
}

/** As a JavaScript number; exact within +-2^53. */
export function asNumber(field: WireField): number {
  return Number(asInt64(field));
}

/** UTF-8; invalid sequences become U+FFFD. */
export function asString(field: WireField): string {
  return decoder.decode(field.bytes);
}

/** One float (fixed32). */
export function asFloat(field: WireField): number {
  if (field.bytes.length !== 4) throw new ProtobufError(`field ${field.field} is not a float`, 0);
  return new DataView(field.bytes.buffer, field.bytes.byteOffset, 4).getFloat32(0, true);
}

/** The values of a repeated integer field: packed, or this single one. */
export function asInt64s(field: WireField): bigint[] {
  if (field.wire === wireTypes.varint) return [asInt64(field)];
  const out: bigint[] = [];
  for (let offset = 0; offset < field.bytes.length; ) {
    const { value, next } = readVarint(field.bytes, offset);
    out.push(BigInt.asIntN(64, value));
    offset = next;
  }
  return out;
}

/** The values of a repeated float field: packed, or this single one. */
export function asFloats(field: WireField): Float32Array {
  if (field.bytes.length % 4 !== 0) throw new ProtobufError(`field ${field.field} is not a list of floats`, 0);
  // not slice(): a Buffer may be a view of a pool whose offset is not divisible by 4
  return new Float32Array(new Uint8Array(field.bytes).buffer);
}
