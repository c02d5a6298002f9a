import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dayMs } from '../../../codecs/duration.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import { identify, type ProcessIdentity, stateOf } from '../../../store/workspace/process-identity.ts';

const prefix = '.mitate-';
/** Of a process on another machine nobody knows whether it lives. */
const longestMs = dayMs;
/** A folder says whose it is within milliseconds. */
const namelessMs = 60_000;

/** Whose a staging folder is, and the span that it becomes. */
interface Owner {
  process: ProcessIdentity;
  span: number;
}

/** A hidden folder beside the spans, in which one is made. */
export async function makeStaging(folder: string, span: number): Promise<string> {
  const staging = join(folder, `${prefix}${randomUUID()}`);
  await mkdir(staging, { recursive: true });
  const owner: Owner = { process: identify(), span };
  await writeFile(join(staging, 'owner.json'), JSON.stringify(owner));
  return staging;
}

/** Removes what exports left that were killed, and their spans that were noted and never seen. */
export async function clearKilled(store: Pick<OpenStore, 'flywheel'>, folder: string): Promise<void> {
  // what cannot be read is said by who writes there
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const staging = join(folder, name);
    const owner = await readOwner(staging);
    if (!(await (owner ? isGone(staging, owner.process) : isOlder(staging, namelessMs)))) continue;
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

/** Null: it was killed before it had said so, or is about to. */
async function readOwner(staging: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(join(staging, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return null;
  }
}
