import type { TensorData } from './tensor.ts';

/** Attributes of each operator that Mitate writes, with the ONNX type of each (opset 20). Other operators cannot be written. */
export const opAttributes = {
  Abs: {},
  Add: {},
  AveragePool: { kernel_shape: 'ints', strides: 'ints', pads: 'ints', count_include_pad: 'int' },
  Cast: { to: 'int' },
  Clip: {},
  Concat: { axis: 'int' },
  Conv: { kernel_shape: 'ints', strides: 'ints', pads: 'ints', dilations: 'ints', group: 'int' },
  Div: {},
  Exp: {},
  Expand: {},
  Flatten: { axis: 'int' },
  Floor: {},
  Gather: { axis: 'int' },
  Gemm: { alpha: 'float', beta: 'float', transA: 'int', transB: 'int' },
  GlobalAveragePool: {},
  Greater: {},
  GreaterOrEqual: {},
  Identity: {},
  Log: {},
  LogSoftmax: { axis: 'int' },
  MatMul: {},
  Max: {},
  MaxPool: { kernel_shape: 'ints', strides: 'ints', pads: 'ints' },
  Mul: {},
  Neg: {},
  Pow: {},
  Reciprocal: {},
  ReduceMax: { keepdims: 'int' },
  ReduceMean: { keepdims: 'int' },
  ReduceMin: { keepdims: 'int' },
  ReduceSum: { keepdims: 'int' },
  Relu: {},
  Reshape: {},
  Shape: {},
  Sign: {},
  Slice: {},
  Softmax: { axis: 'int' },
  Split: { axis: 'int' },
  Sqrt: {},
  Squeeze: {},
  Sub: {},
  Sum: {},
  Transpose: { perm: 'ints' },
  Unsqueeze: {},
  Where: {},
} as const satisfies Record<string, Record<string, AttributeKind>>;

export type AttributeKind = 'int' | 'float' | 'string' | 'ints' | 'floats' | 'tensor';
export type OpType = keyof typeof opAttributes;

interface AttributeValues {
  int: number | bigint | boolean;
  float: number;
  string: string;
  ints: readonly (number | bigint)[];
  floats: readonly number[];
  tensor: TensorData;
}

export type OpAttributes<T extends OpType> = {
  [K in keyof (typeof opAttributes)[T]]?: (typeof opAttributes)[T][K] extends AttributeKind
    ? AttributeValues[(typeof opAttributes)[T][K]]
    : never;
};
