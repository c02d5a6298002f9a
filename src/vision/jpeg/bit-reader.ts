/**
 * Bits of entropy-coded JPEG data (ITU T.81 annex F), between two markers. Past the marker it gives zeros and counts them.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  /** The low `#count` bits are unread, of which the last `#padding` are made up. */
  #bits = 0;
  #count = 0;
  #padding = 0;

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  /** The next 16 bits, not consumed. */
  peek(): number {
    while (this.#count < 16) {
      const byte = this.#at < this.#end ? this.#bytes[this.#at]! : 0xff;
      const isData = this.#at < this.#end && (byte !== 0xff || this.#bytes[this.#at + 1] === 0);
      this.#bits = (this.#bits << 8) | (isData ? byte : 0);
      this.#count += 8;
      if (isData) this.#at += byte === 0xff ? 2 : 1;
      else this.#padding += 8;
    }
    return (this.#bits >>> (this.#count - 16)) & 0xffff;
  }

  skip(bits: number): void {
    this.#count -= bits;
  }

  /** An unsigned number of at most 16 bits. */
  number(bits: number): number {
    const value = this.peek() >>> (16 - bits);
    this.#count -= bits;
    return value;
  }

  /** Whether more bits were consumed than there are. */
  get isOver(): boolean {
    return this.#count < this.#padding;
  }

  /** Offset of the first byte of which no bit was consumed. */
  get position(): number {
    return this.#at - Math.max(0, (this.#count - this.#padding) >> 3);
  }

  /** Continues after the restart marker. False when the next marker is another one. */
  restart(): boolean {
    this.#at = this.#bytes.indexOf(0xff, this.#at);
    while (this.#at >= 0 && this.#at < this.#end && this.#bytes[this.#at + 1] === 0xff) this.#at++;
    const marker = this.#at < 0 || this.#at >= this.#end ? 0 : this.#bytes[this.#at + 1]!;
    this.#at += 2;
    this.#count = this.#padding = 0;
    return marker >= 0xd0 && marker <= 0xd7;
  }
}

/** By 16 bits: code length << 8 | symbol; 0 where no code begins so. */
export type HuffmanTable = Uint16Array;

/** @param counts codes of each length, 1 to 16 bits */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const table = new Uint16Array(1 << 16);
  let from = 0;
  let symbol = 0;
  for (let length = 1; length <= 16; length++) {
    for (let n = 0; n < counts[length - 1]!; n++) {
      const next = from + (1 << (16 - length));
      table.fill((length << 8) | symbols[symbol++]!, from, next);
      from = next;
    }
  }
  return table;
}

/** The next symbol; -1 when no code fits. */
export function readSymbol(bits: BitReader, table: HuffmanTable): number {
  const entry = table[bits.peek()]!;
  if (entry === 0) return -1;
  bits.skip(entry >> 8);
  return entry & 0xff;
}
