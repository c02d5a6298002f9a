/** A class or function that a pickle names, `module.name`. Only those that a state dict of tensors needs are accepted. */
interface Global {
  global: string;
}
/** A storage as a tensor's pickle refers to it. */
export interface StorageRef {
  type: string;
  key: string;
  /** Numbers in it. */
  length: number;
}
/** A tensor before its numbers are read. */
export interface TensorRef {
  storage: StorageRef;
  offset: number;
  shape: number[];
  strides: number[];
}
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Global
  | StorageRef
  | TensorRef
  | Pickled[]
  | Map<Pickled, Pickled>;

/** What is wrong with a pickle or a checkpoint, as the end of a sentence. */
export class CheckpointError extends Error {}

const storages = new Set(['torch.FloatStorage', 'torch.LongStorage']);
const orderedDict = 'collections.OrderedDict';
const rebuildTensor = 'torch._utils._rebuild_tensor_v2';
const mark = Symbol('mark');

/**
 * Reads one pickle (protocol 2) that holds tensors and plain values. Nothing is ever called: the two functions that PyTorch names in a state dict are
 * recognised by name, and every other one ends the reading.
 * Opcodes: Python's pickletools.py.
 * @returns the value, and the offset behind it
 * @throws CheckpointError
 */
export function readPickle(bytes: Uint8Array, from: number): { value: Pickled; end: number } {
  return new PickleReader(bytes, from).read();
}

class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;
  #stack: (Pickled | typeof mark)[] = [];
  #memo = new Map<number, Pickled>();

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = from;
  }

  read(): { value: Pickled; end: number } {
    if (this.uint8() !== 0x80 || this.uint8() !== 2) throw new CheckpointError('it is not a pickle of protocol 2');
    for (;;) {
      const opcode = this.uint8();
      if (opcode === 0x2e) return { value: this.pop(), end: this.#at };
      const step = opcodes[String.fromCharCode(opcode)];
      if (!step) throw new CheckpointError(`its pickle has opcode 0x${opcode.toString(16)}, which no tensor needs`);
      step(this);
    }
  }

  #take(count: number): number {
    const at = this.#at;
    if (count < 0 || at + count > this.#bytes.length) throw new CheckpointError('it is cut off');
    this.#at += count;
    return at;
  }
  #text(length: number): string {
    const at = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + length));
  }
  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    const text = this.#text(end - this.#at);
    this.#take(1);
    return text;
  }

  push(value: Pickled): void {
    this.#stack.push(value);
  }
  pushMark(): void {
    this.#stack.push(mark);
  }
  uint8(): number {
    return this.#bytes[this.#take(1)]!;
  }
  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }
  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }
  /** Little-endian two's complement. */
  long(): bigint {
    const length = this.uint8();
    let value = 0n;
    const at = this.#take(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#bytes[at + i]!);
    return BigInt.asIntN(8 * length, value);
  }
  unicode(): string {
    return this.#text(this.#view.getUint32(this.#take(4), true));
  }
  toMemo(index: number): void {
    const value = this.#stack.at(-1);
    if (value === undefined || value === mark) throw new CheckpointError('its pickle keeps a value that is not there');
    this.#memo.set(index, value);
  }
  fromMemo(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw new CheckpointError('its pickle uses a value that it never kept');
    this.push(value);
  }
  /** All above the last mark. */
  popToMark(): Pickled[] {
    const at = this.#stack.lastIndexOf(mark);
    if (at < 0) throw new CheckpointError('its pickle has no mark where one is needed');
    return this.#stack.splice(at).slice(1) as Pickled[];
  }
  pop(): Pickled {
    const value = this.#stack.pop();
    if (value === undefined || value === mark) throw new CheckpointError('its pickle takes more than it put');
    return value;
  }
  container<T extends Pickled>(is: (value: Pickled) => value is T): T {
    const value = this.#stack.at(-1);
    if (value === undefined || value === mark || !is(value))
      throw new CheckpointError('its pickle adds to what is no dict or list');
    return value;
  }
  global(): void {
    const name = `${this.#line()}.${this.#line()}`;
    if (!storages.has(name) && name !== orderedDict && name !== rebuildTensor)
      throw new CheckpointError(`its pickle asks for ${name}, and code is never run; only tensors are read`);
    this.push({ global: name });
  }
  reduce(): void {
    const given = this.pop();
    const callee = this.pop();
    if (!Array.isArray(given) || !isGlobal(callee)) throw new CheckpointError('its pickle calls what is no function');
    if (callee.global === orderedDict && given.length === 0) this.push(new Map());
    else if (callee.global === rebuildTensor) this.push(tensorOf(given));
    else throw new CheckpointError(`its pickle calls ${callee.global} in an unknown way`);
  }
  /** The attributes of an OrderedDict: versions of the modules, which nothing needs. */
  build(): void {
    const attributes = this.pop();
    if (!(attributes instanceof Map) || !(this.#stack.at(-1) instanceof Map))
      throw new CheckpointError('its pickle sets attributes of what is no dict');
  }
  persistent(): void {
    const id = this.pop();
    const [what, type, key, , length] = Array.isArray(id) ? id : [];
    if (
      what !== 'storage' ||
      !isGlobal(type) ||
      !storages.has(type.global) ||
      typeof key !== 'string' ||
      !isCount(length)
    )
      throw new CheckpointError('its pickle refers to what is no storage of numbers');
    this.push({ type: type.global, key, length });
  }
}

const opcodes: Record<string, (reader: PickleReader) => void> = {
  '(': (reader) => reader.pushMark(),
  ')': (reader) => reader.push([]),
  ']': (reader) => reader.push([]),
  '}': (reader) => reader.push(new Map()),
  N: (reader) => reader.push(null),
  '\x88': (reader) => reader.push(true),
  '\x89': (reader) => reader.push(false),
  K: (reader) => reader.push(reader.uint8()),
  M: (reader) => reader.push(reader.uint16()),
  J: (reader) => reader.push(reader.int32()),
  '\x8a': (reader) => reader.push(reader.long()),
  X: (reader) => reader.push(reader.unicode()),
  t: (reader) => reader.push(reader.popToMark()),
  '\x85': (reader) => reader.push([reader.pop()]),
  '\x86': (reader) => {
    const second = reader.pop();
    reader.push([reader.pop(), second]);
  },
  q: (reader) => reader.toMemo(reader.uint8()),
  r: (reader) => reader.toMemo(reader.int32()),
  h: (reader) => reader.fromMemo(reader.uint8()),
  j: (reader) => reader.fromMemo(reader.int32()),
  c: (reader) => reader.global(),
  R: (reader) => reader.reduce(),
  Q: (reader) => reader.persistent(),
  e: (reader) => {
    const items = reader.popToMark();
    const list = reader.container((value) => Array.isArray(value));
    for (const item of items) list.push(item);
  },
  s: (reader) => {
    const value = reader.pop();
    const key = reader.pop();
    reader.container((held) => held instanceof Map).set(key, value);
  },
  u: (reader) => {
    const items = reader.popToMark();
    const map = reader.container((value) => value instanceof Map);
    for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i]!, items[i + 1]!);
  },
  b: (reader) => reader.build(),
};

function isGlobal(value: Pickled | undefined): value is Global {
  return typeof value === 'object' && value !== null && 'global' in value;
}

function isCount(value: Pickled | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Arguments of `_rebuild_tensor_v2`: storage, offset, size, stride, requires_grad, hooks. */
function tensorOf([storage, offset, shape, strides]: Pickled[]): TensorRef {
  const isStorage = typeof storage === 'object' && storage !== null && 'key' in storage;
  const areCounts = (list: Pickled | undefined): list is number[] => Array.isArray(list) && list.every(isCount);
  if (!isStorage || !isCount(offset) || !areCounts(shape) || !areCounts(strides))
    throw new CheckpointError('its pickle describes a tensor in an unknown way');
  return { storage, offset, shape, strides };
}
