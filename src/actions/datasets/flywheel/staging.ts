import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dayMs } from '../../../codecs/duration.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import { identify, type ProcessIdentity, stateOf } from '../../../store/workspace/process-identity.ts';

const prefix = '.mitate-';
/** For a process on another machine, whose state is unknown. */
const longestMs = dayMs;
/** A new folder has its owner file within milliseconds. */
const ownerlessMs = 60_000;

/** The process that fills a staging folder, and the span that it becomes. */
interface Owner {
  process: ProcessIdentity;
  span: number;
}

/** A hidden folder beside the spans in which the next one is built. */
export async function makeStaging(folder: string, span: number): Promise<string> {
  const staging = join(folder, `${prefix}${randomUUID()}`);
  await mkdir(staging, { recursive: true });
  const owner: Owner = { process: identify(), span };
  // an export killed while it writes the file would leave it empty, and its folder for a minute
  await writeWhole(join(staging, 'owner.json'), JSON.stringify(owner));
  return staging;
}

/** Removes staging folders of killed exports, and the rows of spans that they never published. */
export async function clearKilled(store: Pick<OpenStore, 'flywheel'>, folder: string): Promise<void> {
  // an unreadable folder is reported by the export that writes to it
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const staging = join(folder, name);
    const owner = await readOwner(staging);
    if (!(await (owner ? isGone(staging, owner.process) : isOlder(staging, ownerlessMs)))) continue;
    if (owner && !existsSync(join(folder, `span-${owner.span}`))) await store.flywheel.removeSpan(folder, owner.span);
    await rm(staging, { recursive: true, force: true });
  }
}

async function isGone(staging: string, process: ProcessIdentity): Promise<boolean> {
  const state = stateOf(process);
  return state === 'dead' || (state === 'unknown' && (await isOlder(staging, longestMs)));
}

async function isOlder(path: string, ageMs: number): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > ageMs;
}

/** Null: the export was killed before it wrote the file, or is about to write it. */
async function readOwner(staging: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(join(staging, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return null;
  }
}
