import { asFloats, asInt64s, asNumber, asString, readFields, type WireField } from '../codecs/protobuf.ts';
import { MitateError } from '../errors/index.ts';
import { type DType, dtypeOf, type TensorData } from './tensor.ts';

const elementBytes: Partial<Record<DType, number>> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  float64: 8,
  uint32: 4,
  uint64: 8,
  bfloat16: 2,
};

/** A TensorProto. Typed lists (float_data, int64_data, ...) are converted to raw bytes. */
export function readTensor(bytes: Uint8Array): TensorData & { name: string } {
  const shape: number[] = [];
  const typed: WireField[] = [];
  let name = '';
  let code = 0;
  let raw: Uint8Array | undefined;
  for (const field of readFields(bytes)) {
    if (field.field === 1) shape.push(...asInt64s(field).map(Number));
    else if (field.field === 2) code = asNumber(field);
    else if (field.field === 8) name = asString(field);
    else if (field.field === 9) raw = field.bytes;
    else if (field.field === 13 || (field.field === 14 && field.varint !== 0n)) {
      throw new MitateError('MODEL_EXTERNAL_DATA', { tensor: name || '(unnamed)' });
    } else if (
      field.field === 4 ||
      field.field === 5 ||
      field.field === 7 ||
      field.field === 10 ||
      field.field === 11
    ) {
      typed.push(field);
    }
  }
  const dtype = dtypeOf(code);
  const size = dtype && elementBytes[dtype];
  if (!dtype || !size)
    throw new MitateError('MODEL_UNSUPPORTED', { what: `constant "${name}" of type ${dtype ?? code}` });
  const data = raw ?? rawOf(dtype, typed);
  const expected = size * shape.reduce((product, dim) => product * dim, 1);
  if (data.length !== expected) {
    const reason = `constant "${name}" [${shape.join(', ')}] needs ${expected} bytes and has ${data.length}`;
    throw new MitateError('MODEL_MALFORMED', { reason, bytes: bytes.length });
  }
  return { name, dtype, shape, data };
}

/** float_data (4), int32_data (5: all small integers, bool, float16 bits), int64_data (7), double_data (10), uint64_data (11). */
function rawOf(dtype: DType, fields: WireField[]): Uint8Array {
  if (dtype === 'float32') return bytesOf(Float32Array.from(fields.flatMap((field) => [...asFloats(field)])));
  if (dtype === 'float64') return bytesOf(Uint8Array.from(fields.flatMap((field) => [...field.bytes])));
  const values = fields.flatMap(asInt64s);
  switch (elementBytes[dtype]) {
    case 1:
      return Uint8Array.from(values, (value) => Number(BigInt.asUintN(8, value)));
    case 2:
      return bytesOf(Uint16Array.from(values, (value) => Number(BigInt.asUintN(16, value))));
    case 4:
      return bytesOf(Uint32Array.from(values, (value) => Number(BigInt.asUintN(32, value))));
    default:
      return bytesOf(BigUint64Array.from(values, (value) => BigInt.asUintN(64, value)));
  }
}

function bytesOf(array: { buffer: ArrayBufferLike; byteOffset: number; byteLength: number }): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
