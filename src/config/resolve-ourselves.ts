import { registerHooks } from 'node:module';

let isHooked = false;

/** `import ... from 'mitate'` in a user's file resolves to the running Mitate, whether or not it is installed beside the file. */
export function resolveOurselves(): void {
  if (isHooked) return;
  isHooked = true;
  const index = import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js';
  const url = new URL(index, import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'mitate' ? { url, shortCircuit: true } : next(specifier, context),
  });
}
