import { wasmBase64 } from './wasm-bytes.ts';

/** wasm/pixels.as.ts. Pointers are offsets into `memory`. */
export interface Kernels {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
  vertical(
    source: number,
    target: number,
    samples: number,
    targetStride: number,
    starts: number,
    weights: number,
    taps: number,
    rows: number,
  ): void;
  horizontal(
    source: number,
    target: number,
    sourceStride: number,
    starts: number,
    weights: number,
    taps: number,
    width: number,
    rows: number,
  ): void;
  sumUp(source: number, luma: number, pixels: number, sums: number): void;
  laplacian(luma: number, width: number, height: number, sums: number): void;
}

/** What Node and browsers both have; neither of TypeScript's libraries that we use declares it. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object) => { exports: unknown };
  };
};
const code = new WebAssembly.Module(Uint8Array.from(atob(wasmBase64), (letter) => letter.charCodeAt(0)));
const kernels = new WebAssembly.Instance(code).exports as Kernels;

/** Kernels read and write up to 16 bytes past the end of a block. */
const slack = 16;
const page = 65_536;

/**
 * The kernels, and the offset of one block of memory for each size asked for. The blocks are valid until the next call.
 * @param sizes bytes
 */
export function withMemory<Sizes extends number[]>(
  ...sizes: Sizes
): { kernels: Kernels; at: { [K in keyof Sizes]: number } } {
  let end = 0;
  const at = sizes.map((size) => {
    const start = end;
    end += (size + slack + 15) & ~15;
    return start;
  });
  const missing = Math.ceil((end - kernels.memory.buffer.byteLength) / page);
  if (missing > 0) kernels.memory.grow(missing);
  return { kernels, at: at as { [K in keyof Sizes]: number } };
}
