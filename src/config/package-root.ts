import { fileURLToPath } from 'node:url';

/** Folder of Mitate's own package.json: the same from `src/config` and from `dist/config`. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');
