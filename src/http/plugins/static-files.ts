import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** A page may load and call this server only; `blob:` and `data:` images show a photo before it is sent. */
const pageRules =
  "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The files of a folder at `/`, for everyone: `index.html` for a folder, no listings, no names that begin with a dot, no links that lead out. */
export async function staticFiles(app: FastifyInstance, { folder }: { folder: string }): Promise<void> {
  const root = realpathSync(folder);
  await app.register(fastifyStatic, {
    root,
    dotfiles: 'ignore',
    // pages of a new version are seen at once; unchanged files are not sent again
    cacheControl: false,
    setHeaders: (reply) => void reply.headers({ 'cache-control': 'no-cache', 'content-security-policy': pageRules }),
    allowedPath: (path) => staysInside(root, path),
    schemaHide: true,
  });
}

function staysInside(root: string, path: string): boolean {
  try {
    const real = realpathSync(join(root, decodeURIComponent(path)));
    return real === root || real.startsWith(root + sep);
  } catch {
    return false;
  }
}
