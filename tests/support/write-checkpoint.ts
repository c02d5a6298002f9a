import { blocks, stemChannels } from '../../src/backbones/lite/blocks.ts';

/** A tensor as a test has it: row-major. */
export interface DrawnTensor {
  shape: number[];
  values: Float32Array;
}

const text = (word: string) => {
  const bytes = Buffer.from(word);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('X'), length, bytes]);
};
const int = (value: number) => {
  const bytes = Buffer.alloc(5, 'J');
  bytes.writeInt32LE(value, 1);
  return bytes;
};
const op = (letters: string) => Buffer.from(letters, 'latin1');
const pickle = (...parts: Buffer[]) => Buffer.concat([op('\x80\x02'), ...parts, op('.')]);
const magic = pickle(op('\x8a\x0a'), Buffer.from('6cfc9c46f9206aa85019', 'hex'));
const machine = pickle(op('}('), text('little_endian'), op('\x88u'));

/** Protocol 2, with only what PyTorch writes. */
function tensorPickle(key: string, { shape, values }: DrawnTensor): Buffer {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  const tuple = (numbers: number[]) => Buffer.concat([op('('), ...numbers.map(int), op('t')]);
  return Buffer.concat([
    op('ctorch._utils\n_rebuild_tensor_v2\n(('),
    ...[text('storage'), op('ctorch\nFloatStorage\n'), text(key), text('cpu'), int(values.length), op('NtQ')],
    int(0),
    tuple(shape),
    tuple(strides),
    op('\x89ccollections\nOrderedDict\n)RtR'),
  ]);
}

/** A `.pth` as PyTorch before 1.6 wrote it. `inDict` = pickled before the tensors, inside the state dict. */
export function writeCheckpoint(tensors: Map<string, DrawnTensor>, inDict: Buffer = Buffer.alloc(0)): Buffer {
  const entries = [...tensors].flatMap(([name, tensor], i) => [text(name), tensorPickle(String(i), tensor)]);
  const state = pickle(op('ccollections\nOrderedDict\n)R('), inDict, ...entries, op('u'));
  const keys = pickle(op(']('), ...[...tensors.keys()].map((_, i) => text(String(i))), op('e'));
  const storages = [...tensors.values()].flatMap(({ values }) => {
    const length = Buffer.alloc(8);
    length.writeBigInt64LE(BigInt(values.length));
    return [length, Buffer.from(values.buffer, values.byteOffset, values.byteLength)];
  });
  return Buffer.concat([magic, pickle(int(1001)), machine, state, keys, ...storages]);
}

/** `os.system("...")` under a key of the state dict: what `torch.load` of an old PyTorch would run. */
export const callInPickle = Buffer.concat([text('weights'), op('cos\nsystem\n('), text('touch hacked'), op('tR')]);

/**
 * Weights of EfficientNet-Lite0's shape by a formula that an implementation in another language repeats exactly: the i-th number of the n-th tensor is
 * ((7919 i + 104729 n) mod 1009 - 504) / 504, times the tensor's scale, plus its centre.
 */
export function drawnLite(): Map<string, DrawnTensor> {
  const tensors = new Map<string, DrawnTensor>();
  const add = (name: string, shape: number[], scale: number, centre: number) => {
    const n = tensors.size;
    const size = shape.reduce((product, dim) => product * dim, 1);
    const values = Float32Array.from(
      { length: size },
      (_, i) => centre + (scale * (((7919 * i + 104729 * n) % 1009) - 504)) / 504,
    );
    tensors.set(name, { shape, values });
  };
  const conv = (name: string, outputs: number, inputs: number, kernel: number) =>
    add(`${name}.weight`, [outputs, inputs, kernel, kernel], Math.sqrt(6 / (inputs * kernel * kernel)), 0);
  const norm = (name: string, channels: number) => {
    add(`${name}.weight`, [channels], 0.25, 1);
    add(`${name}.bias`, [channels], 0.5, 0.5);
    add(`${name}.running_mean`, [channels], 0.25, 0);
    add(`${name}.running_var`, [channels], 0.5, 1);
  };
  conv('_conv_stem', stemChannels, 3, 3);
  norm('_bn0', stemChannels);
  for (const [i, { kernel, inputs, expanded, outputs }] of blocks.entries()) {
    if (expanded !== inputs) {
      conv(`_blocks.${i}._expand_conv`, expanded, inputs, 1);
      norm(`_blocks.${i}._bn0`, expanded);
    }
    conv(`_blocks.${i}._depthwise_conv`, expanded, 1, kernel);
    norm(`_blocks.${i}._bn1`, expanded);
    conv(`_blocks.${i}._project_conv`, outputs, expanded, 1);
    norm(`_blocks.${i}._bn2`, outputs);
  }
  conv('_conv_head', 1280, blocks.at(-1)!.outputs, 1);
  norm('_bn1', 1280);
  add('_fc.weight', [1000, 1280], 0.01, 0);
  add('_fc.bias', [1000], 0.01, 0);
  return tensors;
}
