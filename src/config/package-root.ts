import { fileURLToPath } from 'node:url';

/** Folder of Mitate's package.json, from `src/config` and from `dist/config`. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');
