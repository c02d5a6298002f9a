import { readFile, stat } from 'node:fs/promises';
import { sha256 } from '../codecs/digest.ts';
import { type BackboneChoice, backboneChoiceSchema, type OwnBackbone } from '../contracts/backbone.ts';
import type { Progress } from '../contracts/component.ts';
import { MitateError } from '../errors/index.ts';
import { adaptOwnModel } from './adapt-own-model.ts';
import type { Backbone } from './backbone.ts';
import { bestHere, readBundled } from './bundled.ts';
import { download } from './download.ts';
import { backboneNames, isBackboneName } from './table.ts';

export interface LoadOptions {
  /** Folder for downloads; required for a URL. */
  cacheDir?: string;
  /** Size limit of a download. */
  progress?: Progress;
  signal?: AbortSignal;
}

/**
 * A backbone by name (`default`: the best that is here), or your own ONNX file by path or URL, its sha256 checked before parsing.
 * `digest` of your own model covers the graph that Mitate adds: another input or tap is another backbone.
 * @throws BACKBONE_UNKNOWN, BACKBONE_NOT_BUILT, BACKBONE_NOT_HERE, BACKBONE_DIGEST_MISMATCH, BACKBONE_MISFIT, BACKBONE_TOO_LARGE, BACKBONE_URL_REFUSED,
 * BACKBONE_DOWNLOAD_FAILED, FILE_UNREADABLE, CANCELLED, MODEL_* from reading the graph
 */
export async function loadBackbone(choice: BackboneChoice, options: LoadOptions = {}): Promise<Backbone> {
  if (typeof choice === 'string') {
    if (choice === 'default') return readBundled(bestHere());
    if (!isBackboneName(choice))
      throw new MitateError('BACKBONE_UNKNOWN', { name: choice, known: ['default', ...backboneNames].join(', ') });
    return readBundled(choice);
  }
  const own = backboneChoiceSchema.safeParse(choice);
  if (!own.success) {
    const reason = own.error.issues.map((issue) => `${issue.path.join('.') || 'entry'}: ${issue.message}`).join('; ');
    throw new MitateError(
      'BACKBONE_MISFIT',
      { source: 'path' in choice ? choice.path : choice.url, reason },
      { cause: own.error },
    );
  }
  const entry = own.data as OwnBackbone;
  const bytes = 'path' in entry ? await readOwnFile(entry.path, entry) : await fetchOwnFile(entry.url, entry, options);
  return adaptOwnModel(bytes, entry, 'path' in entry ? entry.path : entry.url);
}

async function readOwnFile(path: string, { sha256: expected, maxBytes }: OwnBackbone): Promise<Uint8Array> {
  const unreadable = (cause: NodeJS.ErrnoException) => {
    throw new MitateError('FILE_UNREADABLE', { path, reason: cause.message }, { cause });
  };
  const { size } = await stat(path).catch(unreadable);
  if (size > maxBytes) throw new MitateError('BACKBONE_TOO_LARGE', { source: path, limitBytes: maxBytes });
  const bytes = await readFile(path).catch(unreadable);
  const actual = sha256(bytes);
  if (actual !== expected) throw new MitateError('BACKBONE_DIGEST_MISMATCH', { source: path, expected, actual });
  return bytes;
}

async function fetchOwnFile(
  url: string,
  own: OwnBackbone,
  { cacheDir, progress, signal }: LoadOptions,
): Promise<Uint8Array> {
  if (!cacheDir)
    throw new MitateError('BACKBONE_URL_REFUSED', { url, reason: 'no folder for downloads is set (cacheDir)' });
  const { sha256: expected, maxBytes } = own;
  return download(url, { folder: cacheDir, sha256: expected, maxBytes, progress, signal });
}
