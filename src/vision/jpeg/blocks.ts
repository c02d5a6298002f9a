import { type BitReader, type HuffmanTable, readSymbol } from './bit-reader.ts';

/** Parameters of one scan (ITU T.81 B.2.3) and its state. */
export interface Scan {
  /** Spectral band. */
  first: number;
  last: number;
  /** Bit position of the scan before this one over the same band; 0 = none. */
  high: number;
  /** Blocks that are still covered by an end-of-band run. */
  endOfBand: number;
}

export interface BlockTables {
  dc: HuffmanTable | undefined;
  ac: HuffmanTable | undefined;
  /** 1 for each coefficient [block, 64] that is not zero so far: of a progressive picture only. */
  nonZero: Uint8Array | null;
}

/** Consumes the bits of one block; false when they are no code. */
export function skipBlock(bits: BitReader, scan: Scan, tables: BlockTables, block: number): boolean {
  const { dc, ac, nonZero } = tables;
  let k = scan.first;
  if (k === 0) {
    if (scan.high > 0) bits.number(1);
    else if (!dc || !skipDc(bits, dc)) return false;
    k = 1;
  }
  if (k > scan.last) return true;
  if (!ac) return false;
  if (!nonZero) return skipAc(bits, ac);
  const coefficients = nonZero.subarray(64 * block, 64 * block + 64);
  return scan.high > 0 ? refine(bits, scan, ac, coefficients) : skipBand(bits, scan, ac, coefficients);
}

function skipDc(bits: BitReader, table: HuffmanTable): boolean {
  const size = readSymbol(bits, table);
  if (size < 0 || size > 16) return false;
  bits.number(size);
  return true;
}

function skipAc(bits: BitReader, table: HuffmanTable): boolean {
  for (let k = 1; k < 64; k++) {
    const symbol = readSymbol(bits, table);
    if (symbol < 0) return false;
    if (symbol === 0) break;
    k += symbol >> 4;
    bits.number(symbol & 15);
  }
  return true;
}

/** The first scan of a band of a progressive picture (ITU T.81 G.1.2.2). */
function skipBand(bits: BitReader, scan: Scan, table: HuffmanTable, nonZero: Uint8Array): boolean {
  if (scan.endOfBand > 0) {
    scan.endOfBand--;
    return true;
  }
  for (let k = scan.first; k <= scan.last; k++) {
    const symbol = readSymbol(bits, table);
    if (symbol < 0) return false;
    const run = symbol >> 4;
    const size = symbol & 15;
    if (size === 0 && run < 15) {
      scan.endOfBand = (1 << run) + bits.number(run) - 1;
      break;
    }
    k += run;
    bits.number(size);
    if (size > 0 && k < 64) nonZero[k] = 1;
  }
  return true;
}

/** A later scan: one bit for each coefficient that is not zero, and the new ones between them (ITU T.81 G.1.2.3). */
function refine(bits: BitReader, scan: Scan, table: HuffmanTable, nonZero: Uint8Array): boolean {
  let k = scan.first;
  while (scan.endOfBand === 0 && k <= scan.last) {
    const symbol = readSymbol(bits, table);
    if (symbol < 0) return false;
    let zeros = symbol >> 4;
    const isNew = (symbol & 15) > 0;
    if (isNew) bits.number(1);
    else if (zeros < 15) {
      scan.endOfBand = (1 << zeros) + bits.number(zeros);
      break;
    }
    for (; k <= scan.last; k++) {
      if (nonZero[k]) bits.number(1);
      else if (zeros-- === 0) break;
    }
    if (isNew && k <= scan.last) nonZero[k] = 1;
    k++;
  }
  if (scan.endOfBand === 0) return true;
  for (; k <= scan.last; k++) if (nonZero[k]) bits.number(1);
  scan.endOfBand--;
  return true;
}
