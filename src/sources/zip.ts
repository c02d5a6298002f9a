import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { MitateError } from '../errors/index.ts';
import { unlabelledError } from './labelled-first.ts';
import { byteBudget } from './limits.ts';
import { maxFileBytes, type OpenOptions, type SourceItem } from './source-item.ts';
import { byCodeUnit, isClutter, passedOver } from './source-path.ts';
import { readFolders } from './split-folders.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const shiftJis = new TextDecoder('shift_jis', { fatal: true });

function open(source: string): Promise<ZipFile> {
  return yauzl.openPromise(source, { lazyEntries: true, decodeStrings: false, autoClose: false });
}

const utf8Flag = 0x800;
const unicodePath = 0x7075;

/**
 * By the UTF-8 flag or the Unicode extra field; else UTF-8 if valid (macOS does not set the flag), Shift-JIS if valid (Windows in Japanese), code page
 * 437.
 */
function decodeName({ fileNameRaw, generalPurposeBitFlag: flags, extraFields }: Entry): string {
  const isMarked = (flags & utf8Flag) !== 0 || extraFields.some(({ id }) => id === unicodePath);
  const decoded = decode(fileNameRaw, utf8) ?? (isMarked ? null : decode(fileNameRaw, shiftJis));
  const name = decoded ?? yauzl.getFileNameLowLevel(flags, fileNameRaw, extraFields, true);
  return name.replaceAll('\\', '/').normalize('NFC');
}

function decode(bytes: Buffer, decoder: typeof utf8): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

function isLink(entry: Entry): boolean {
  const madeOnUnix = entry.versionMadeBy >>> 8 === 3;
  return madeOnUnix && ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

/** @throws SOURCE_ZIP_UNSAFE for `../`, absolute names and links */
function requireSafe(source: string, name: string, entry: Entry): void {
  const reason = isLink(entry) ? 'a symbolic link' : yauzl.validateFileName(name);
  if (reason) throw new MitateError('SOURCE_ZIP_UNSAFE', { source, entry: name, reason });
}

interface Found {
  entry: Entry;
  name: string;
  parts: string[];
}

/** All entries are checked before the first is read, so that a malicious archive is rejected as a whole. */
async function listEntries(
  source: string,
  zip: ZipFile,
  { limits: { maxEntries }, notes }: OpenOptions,
): Promise<Found[]> {
  const found: Found[] = [];
  let entries = 0;
  for await (const entry of zip.eachEntry()) {
    if (++entries > maxEntries) throw new MitateError('SOURCE_TOO_MANY_ENTRIES', { source, limit: maxEntries });
    const name = decodeName(entry);
    requireSafe(source, name, entry);
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    const folders = name.endsWith('/') ? parts : parts.slice(0, -1);
    const ignored = name.endsWith('/') ? null : passedOver(parts);
    if (folders.length > 0 && !folders.some(isClutter)) notes?.addFolder(folders);
    if (ignored !== null) notes?.passOver(ignored);
    else if (!name.endsWith('/') && parts.length > 0) found.push({ entry, name, parts });
  }
  return found.sort((a, b) => byCodeUnit(a.name, b.name));
}

/** 1 when all photos are in folders of one common top folder, as most tools pack them; else 0. */
function commonTop(found: Found[]): 0 | 1 {
  const tops = new Set(found.map(({ parts }) => (parts.length > 1 ? parts[0] : '')));
  const labels = new Set(found.flatMap(({ parts }) => (parts.length > 2 ? [parts[1]] : [])));
  return tops.size === 1 && !tops.has('') && labels.size > 1 ? 1 : 0;
}

async function expandEntry(
  source: string,
  { entry, name }: Found,
  budget: (bytes: number) => void,
): Promise<Uint8Array> {
  const zip = await open(source);
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      budget(chunk.length);
      size += chunk.length;
      if (size > maxFileBytes) {
        throw new MitateError('SOURCE_FILE_TOO_LARGE', { filename: name, limitBytes: maxFileBytes });
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof MitateError) throw error;
    throw new MitateError('SOURCE_ZIP_ENTRY', { filename: name, reason: (error as Error).message }, { cause: error });
  } finally {
    zip.close();
  }
}

async function readDirectory(source: string, options: OpenOptions): Promise<Found[]> {
  let zip: ZipFile | undefined;
  try {
    zip = await open(source);
    return await listEntries(source, zip, options);
  } catch (error) {
    if (error instanceof MitateError) throw error;
    throw new MitateError('SOURCE_ZIP_CORRUPT', { source, reason: (error as Error).message }, { cause: error });
  } finally {
    zip?.close();
  }
}

/**
 * A ZIP with one folder per label, with these in folders named like splits, or with one common folder that contains them.
 * @throws SOURCE_ZIP_CORRUPT, SOURCE_ZIP_UNSAFE, SOURCE_TOO_MANY_ENTRIES, SOURCE_EMPTY, SOURCE_UNLABELLED,
 * SOURCE_SPLITS_MIXED;
 * SOURCE_TOO_LARGE while photos are read
 */
export async function* openZip(source: string, options: OpenOptions): AsyncGenerator<SourceItem> {
  const found = await readDirectory(source, options);
  const top = commonTop(found);
  const foldersOf = ({ parts }: Found) => parts.slice(top, -1);
  const placeOf = readFolders(source, found.map(foldersOf), options);
  options.notes?.addLabels((folders) => placeOf(folders.slice(top)).label);
  const budget = byteBudget(source, options.limits.maxBytes);
  const items = found.map((one): SourceItem => {
    return {
      filename: one.parts.slice(top).join('/'),
      ...placeOf(foldersOf(one)),
      read: () => expandEntry(source, one, budget),
    };
  });
  const isLabelled = options.labels === 'optional' || items.some((item) => item.label !== undefined);
  if (items.length === 0 || !isLabelled) throw unlabelledError(source, items);
  yield* items;
}
