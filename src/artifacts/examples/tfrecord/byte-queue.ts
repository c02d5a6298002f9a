/** Reads exact lengths from a stream of chunks, buffering no more than the requested length and one chunk. */
export class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #pending: Uint8Array[] = [];
  #size = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or fewer at the end. */
  async take(length: number): Promise<Uint8Array> {
    while (this.#size < length) {
      const { value, done } = await this.#chunks.next();
      if (done) break;
      this.#pending.push(value);
      this.#size += value.length;
    }
    return this.#shift(Math.min(length, this.#size));
  }

  #shift(length: number): Uint8Array {
    const [first] = this.#pending;
    const all = first && this.#pending.length === 1 ? first : Buffer.concat(this.#pending);
    this.#pending = all.length > length ? [all.subarray(length)] : [];
    this.#size = all.length - length;
    return all.subarray(0, length);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
