// A disk that fails: what Node's file system is asked to write below a folder. Imported by a test, or preloaded (`node --import`) with
// MITATE_FAILING_DISK, settings as JSON, by a process that has one while the control file exists.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { sep } from 'node:path';

export interface Fault {
  /** What is written below it is counted; the database has a process of its own. */
  folder: string;
  /** From this write on, counted from 1. */
  from: number;
  code: 'ENOSPC' | 'EROFS' | 'EIO';
  /** So many fail; default: all. */
  times?: number;
  /** Fails only while this file exists. */
  control?: string;
}

let fault: Fault | null = null;
let writes = 0;

/** Until it is disposed. */
export function failDisk(set: Fault): Disposable & { readonly writes: number } {
  fault = set;
  writes = 0;
  return {
    get writes() {
      return writes;
    },
    [Symbol.dispose]: () => {
      fault = null;
    },
  };
}

const { existsSync } = fs;
const paths = new Map<number, string>();
const messages = { ENOSPC: 'no space left on device', EROFS: 'read-only file system', EIO: 'i/o error' };

/** The error of a write to a path, if this one fails. */
function failed(path: unknown, what: string): NodeJS.ErrnoException | null {
  if (fault === null || typeof path !== 'string' || !path.startsWith(fault.folder + sep)) return null;
  const { code, from, times = Number.POSITIVE_INFINITY, control } = fault;
  if (control !== undefined && !existsSync(control)) return null;
  writes++;
  if (writes < from || writes >= from + times) return null;
  return Object.assign(new Error(`${code}: ${messages[code]}, ${what} '${path}'`), { code, syscall: what, path });
}

/** Its error names no path, as that of a write to a descriptor. */
const failedHandle = (fd: number, what: string) => failed(paths.get(fd), what);

// biome-ignore lint/suspicious/noExplicitAny: functions of any signature
type Any = (...given: any[]) => any;
const writing = (flags: unknown) => (typeof flags === 'string' ? /[wa+]/.test(flags) : ((flags as number) ?? 0) & 3);
const target = { rename: 1, copyFile: 1, cp: 1, link: 1, symlink: 1 } as Record<string, number>;
const pathOf = (name: string, given: unknown[]) => String(given[target[name] ?? 0]);
const changes = ['mkdir', 'rename', 'copyFile', 'cp', 'link', 'symlink', 'mkdtemp', 'appendFile', 'truncate'];

/** Half of what was to be written is: a full disk takes a part. */
async function writeHalf(write: Any, path: unknown, data: unknown, options: unknown): Promise<void> {
  if (typeof data === 'string' || ArrayBuffer.isView(data))
    await write(path, Buffer.from(data as Buffer).subarray(0, Buffer.from(data as Buffer).length >> 1), options);
}

function patchPromises(promises: Record<string, Any>): void {
  for (const name of changes) {
    const real = promises[name]!;
    promises[name] = async (...given: unknown[]) => {
      const error = failed(pathOf(name, given), name);
      if (error) throw error;
      return await real(...given);
    };
  }
  const { open, writeFile } = promises as { open: Any; writeFile: Any };
  promises.writeFile = async (path: unknown, data: unknown, options: unknown) => {
    const error = failed(path, 'write');
    if (error?.code === 'ENOSPC') await writeHalf(writeFile, path, data, options);
    if (error) throw error;
    await writeFile(path, data, options);
  };
  promises.open = async (path: unknown, flags: unknown, mode: unknown) => {
    const error = writing(flags) && flags !== 'r+' ? failed(path, 'open') : null;
    if (error) throw error;
    const handle = await open(path, flags, mode);
    paths.set(handle.fd, String(path));
    return handle;
  };
}

async function patchHandles(promises: { open: Any }): Promise<void> {
  const handle = await promises.open(process.execPath);
  const shape = Object.getPrototypeOf(handle) as Record<string, Any>;
  await handle.close();
  for (const name of ['write', 'writev', 'writeFile', 'appendFile', 'sync', 'datasync']) {
    const real = shape[name]!;
    shape[name] = async function (this: { fd: number }, ...given: unknown[]) {
      const error = failedHandle(this.fd, name);
      if (error) throw error;
      return await real.apply(this, given);
    };
  }
}

function patchCallbacks(calls: Record<string, Any>): void {
  for (const name of ['mkdir', 'rename', 'copyFile']) {
    const real = calls[name]!;
    calls[name] = (...given: unknown[]) => {
      const error = failed(pathOf(name, given), name);
      if (error) return process.nextTick(given.at(-1) as Any, error);
      return real(...given);
    };
  }
  for (const name of ['write', 'writev', 'fsync', 'fdatasync']) {
    const real = calls[name]!;
    calls[name] = (fd: number, ...given: unknown[]) => {
      const error = failedHandle(fd, name);
      if (error) return process.nextTick(given.at(-1) as Any, error);
      return real(fd, ...given);
    };
  }
  const open = calls.open!;
  calls.open = (path: unknown, ...given: unknown[]) => {
    const done = given.pop() as Any;
    const error = writing(given[0]) ? failed(path, 'open') : null;
    if (error) return process.nextTick(done, error);
    return open(path, ...given, (error: unknown, fd: number) => {
      if (!error) paths.set(fd, String(path));
      done(error, fd);
    });
  };
}

function patchSync(calls: Record<string, Any>): void {
  for (const name of [...changes.filter((each) => each !== 'appendFile'), 'writeFile', 'appendFile']) {
    const real = calls[`${name}Sync`]!;
    calls[`${name}Sync`] = (...given: unknown[]) => {
      const error = failed(pathOf(name, given), name);
      if (error) throw error;
      return real(...given);
    };
  }
  const { openSync, writeSync, fsyncSync } = calls as { openSync: Any; writeSync: Any; fsyncSync: Any };
  calls.openSync = (path: unknown, flags: unknown, mode: unknown) => {
    const error = writing(flags) ? failed(path, 'open') : null;
    if (error) throw error;
    const fd = openSync(path, flags, mode);
    paths.set(fd, String(path));
    return fd;
  };
  for (const [name, real] of Object.entries({ writeSync, fsyncSync }))
    calls[name] = (fd: number, ...given: unknown[]) => {
      const error = failedHandle(fd, name);
      if (error) throw error;
      return real(fd, ...given);
    };
}

const promises = fs.promises as unknown as Record<string, Any>;
await patchHandles(promises as { open: Any });
patchPromises(promises);
patchCallbacks(fs as unknown as Record<string, Any>);
patchSync(fs as unknown as Record<string, Any>);
syncBuiltinESMExports();
if (process.env.MITATE_FAILING_DISK) failDisk(JSON.parse(process.env.MITATE_FAILING_DISK) as Fault);
