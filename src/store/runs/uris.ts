import { isAbsolute, join, relative, sep } from 'node:path';
import type { UriCodec } from '../database/context.ts';

/** Paths inside the workspace are stored relative, with forward slashes, so that a workspace can be moved or restored elsewhere. */
export function workspaceUris(dir: string): UriCodec {
  return {
    encode(uri) {
      const inside = relative(dir, uri);
      if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return uri;
      return inside.split(sep).join('/');
    },
    decode: (stored) => (isAbsolute(stored) || stored.includes('://') ? stored : join(dir, stored)),
  };
}
