/** Bits that differ between two hashes of 16 hex digits: 0..64. */
export function hammingDistance(a: string, b: string): number {
  const differing = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  return differing.toString(2).replaceAll('0', '').length;
}
