import { CheckpointError, type Pickled, readPickle, type StorageRef, type TensorRef } from './pickle.ts';

/** Row-major. */
export interface TorchTensor {
  shape: number[];
  values: Float32Array;
}

const magic = 0x1950a86a20f9469cfc6cn;
const bytesOf: Record<string, number> = { 'torch.FloatStorage': 4, 'torch.LongStorage': 8 };

/**
 * The float32 tensors of a `.pth` of `torch.save(model.state_dict())` as PyTorch wrote it before version 1.6: five pickles (magic number, version, machine,
 * state dict, storage keys), then the storages. Integers (counters of batches) are left out.
 * Source of the layout: `_legacy_save` in torch/serialization.py.
 * @throws CheckpointError
 */
export function readCheckpoint(bytes: Uint8Array): Map<string, TorchTensor> {
  let at = 0;
  const next = (): Pickled => {
    const { value, end } = readPickle(bytes, at);
    at = end;
    return value;
  };
  if (next() !== magic || next() !== 1001)
    throw new CheckpointError('it is not a PyTorch checkpoint of before version 1.6');
  const machine = next();
  if (!(machine instanceof Map) || machine.get('little_endian') !== true)
    throw new CheckpointError('it was not written on a little-endian machine');
  const tensors = tensorsOf(next());
  const keys = next();
  const storages = readStorages(bytes, keys, tensors, at);
  return new Map(
    [...tensors]
      .filter(([, { storage }]) => storage.type === 'torch.FloatStorage')
      .map(([name, tensor]) => [name, { shape: tensor.shape, values: valuesOf(name, tensor, storages) }]),
  );
}

function tensorsOf(state: Pickled): Map<string, TensorRef> {
  if (!(state instanceof Map)) throw new CheckpointError('it holds no state dict');
  for (const [name, value] of state) {
    if (typeof name !== 'string' || typeof value !== 'object' || value === null || !('storage' in value))
      throw new CheckpointError(`"${String(name)}" in it is no tensor`);
  }
  return state as Map<string, TensorRef>;
}

function readStorages(
  bytes: Uint8Array,
  keys: Pickled,
  tensors: Map<string, TensorRef>,
  start: number,
): Map<string, Uint8Array> {
  const described = new Map<string, StorageRef>([...tensors.values()].map(({ storage }) => [storage.key, storage]));
  if (!Array.isArray(keys)) throw new CheckpointError('it lists no storages');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const storages = new Map<string, Uint8Array>();
  let at = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? described.get(key) : undefined;
    if (!storage) throw new CheckpointError('it has a storage that no tensor uses');
    if (at + 8 > bytes.length) throw new CheckpointError('it is cut off');
    const length = view.getBigInt64(at, true);
    const end = at + 8 + storage.length * bytesOf[storage.type]!;
    if (length !== BigInt(storage.length) || end > bytes.length) throw new CheckpointError('it is cut off');
    storages.set(storage.key, bytes.subarray(at + 8, end));
    at = end;
  }
  if (at !== bytes.length) throw new CheckpointError(`${bytes.length - at} bytes follow its last tensor`);
  return storages;
}

/** Row-major, whatever the strides: weights from TensorFlow are stored channels last. */
function valuesOf(
  name: string,
  { storage, offset, shape, strides }: TensorRef,
  storages: Map<string, Uint8Array>,
): Float32Array {
  const size = product(shape);
  const last = shape.reduce((place, dim, axis) => place + (dim - 1) * (strides[axis] ?? Number.NaN), offset);
  const data = storages.get(storage.key);
  // each place of a storage at most once
  if (!data || strides.length !== shape.length || size > storage.length || !(size === 0 || last < storage.length))
    throw new CheckpointError(`tensor "${name}" does not lie inside its storage`);
  const isRowMajor = shape.every((_, axis) => strides[axis] === product(shape.slice(axis + 1)));
  if (isRowMajor) return new Float32Array(new Uint8Array(data.subarray(4 * offset, 4 * (offset + size))).buffer);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Float32Array.from({ length: size }, (_, i) => {
    let rest = i;
    let place = offset;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return view.getFloat32(4 * place, true);
  });
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
