/** ONNX TensorProto.DataType. */
export const dtypeCodes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;
export type DType = keyof typeof dtypeCodes;

const dtypeByCode = new Map(Object.entries(dtypeCodes).map(([name, code]) => [code as number, name as DType]));

export function dtypeOf(code: number): DType | undefined {
  return dtypeByCode.get(code);
}

/** A size, or the name of a free one (`N`). */
export type Dim = number | string;

/** A constant tensor. `data` is raw little-endian, row-major (bool: one byte each). */
export interface TensorData {
  dtype: DType;
  shape: number[];
  data: Uint8Array;
}

export type TypedArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

const arrayDtypes = new Map<unknown, DType>([
  [Float32Array, 'float32'],
  [Float64Array, 'float64'],
  [Uint8Array, 'uint8'],
  [Int8Array, 'int8'],
  [Uint16Array, 'uint16'],
  [Int16Array, 'int16'],
  [Int32Array, 'int32'],
  [Uint32Array, 'uint32'],
  [BigInt64Array, 'int64'],
  [BigUint64Array, 'uint64'],
]);

/**
 * A tensor over the array's own bytes. `dtype` overrides the array type: Uint8Array as `bool`,
 * Uint16Array as `float16`. Shape defaults to one dimension.
 */
export function tensorOf(array: TypedArray, shape: readonly number[] = [array.length], dtype?: DType): TensorData {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (size !== array.length) throw new RangeError(`shape [${shape.join(', ')}] does not hold ${array.length} values`);
  const inferred =
    dtype ?? arrayDtypes.get(array.constructor) ?? arrayDtypes.get(Object.getPrototypeOf(array).constructor);
  if (!inferred) throw new TypeError(`no ONNX type for ${array.constructor.name}`);
  return { dtype: inferred, shape: [...shape], data: new Uint8Array(array.buffer, array.byteOffset, array.byteLength) };
}
