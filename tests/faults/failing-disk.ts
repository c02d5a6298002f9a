// A disk that fails: what Node's file system is asked to write below a folder. Imported by a test, or preloaded (`node --import`) with
// MITATE_FAILING_DISK, settings as JSON, by a process that has one while the control file exists.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { sep } from 'node:path';

export interface Fault {
  /** What is written below it is counted. */
  folder: string;
  /** Not what is below this one: the database's files. */
  except?: string;
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
  install();
  return {
    get writes() {
      return writes;
    },
    [Symbol.dispose]: () => {
      fault = null;
      for (const restore of restores.splice(0)) restore();
      paths.clear();
      syncBuiltinESMExports();
    },
  };
}

/** Other tests share the process. */
const restores: (() => void)[] = [];

function replace(calls: Record<string, Any>, name: string, make: (real: Any) => Any): void {
  const real = calls[name]!;
  calls[name] = make(real);
  restores.push(() => {
    calls[name] = real;
  });
}

const { existsSync } = fs;
const paths = new Map<number, string>();
const messages = { ENOSPC: 'no space left on device', EROFS: 'read-only file system', EIO: 'i/o error' };

/** The error of a write to a path, if this one fails. */
function failed(path: unknown, what: string): NodeJS.ErrnoException | null {
  if (fault === null || typeof path !== 'string' || !path.startsWith(fault.folder + sep)) return null;
  const { code, from, except, times = Number.POSITIVE_INFINITY, control } = fault;
  if (except !== undefined && path.startsWith(except)) return null;
  if (control !== undefined && !existsSync(control)) return null;
  writes++;
  if (writes < from || writes >= from + times) return null;
  return Object.assign(new Error(`${code}: ${messages[code]}, ${what} '${path}'`), { code, syscall: what, path });
}

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

function patchPromises(calls: Record<string, Any>): void {
  for (const name of changes)
    replace(calls, name, (real) => async (...given) => {
      const error = failed(pathOf(name, given), name);
      if (error) throw error;
      return await real(...given);
    });
  replace(calls, 'writeFile', (real) => async (path, data, options) => {
    const error = failed(path, 'write');
    if (error?.code === 'ENOSPC') await writeHalf(real, path, data, options);
    if (error) throw error;
    await real(path, data, options);
  });
  replace(calls, 'open', (real) => async (path, flags, mode) => {
    // to sync what is there needs no space
    const error = writing(flags) && flags !== 'r+' ? failed(path, 'open') : null;
    if (error) throw error;
    const handle = await real(path, flags, mode);
    paths.set(handle.fd, String(path));
    return handle;
  });
}

function patchHandles(shape: Record<string, Any>): void {
  for (const name of ['write', 'writev', 'writeFile', 'appendFile', 'sync', 'datasync'])
    replace(
      shape,
      name,
      (real) =>
        async function (this: { fd: number }, ...given) {
          const error = failedHandle(this.fd, name);
          if (error) throw error;
          return await real.apply(this, given);
        },
    );
}

function patchCallbacks(calls: Record<string, Any>): void {
  for (const name of ['mkdir', 'rename', 'copyFile'])
    replace(calls, name, (real) => (...given) => {
      const error = failed(pathOf(name, given), name);
      return error ? process.nextTick(given.at(-1), error) : real(...given);
    });
  for (const name of ['write', 'writev', 'fsync', 'fdatasync'])
    replace(calls, name, (real) => (fd, ...given) => {
      const error = failedHandle(fd, name);
      return error ? process.nextTick(given.at(-1), error) : real(fd, ...given);
    });
  replace(calls, 'open', (real) => (path, ...given) => {
    const done = given.pop() as Any;
    const error = writing(given[0]) ? failed(path, 'open') : null;
    if (error) return process.nextTick(done, error);
    return real(path, ...given, (error: unknown, fd: number) => {
      if (!error) paths.set(fd, String(path));
      done(error, fd);
    });
  });
}

function patchSync(calls: Record<string, Any>): void {
  for (const name of [...changes, 'writeFile'])
    replace(calls, `${name}Sync`, (real) => (...given) => {
      const error = failed(pathOf(name, given), name);
      if (error) throw error;
      return real(...given);
    });
  replace(calls, 'openSync', (real) => (path, flags, mode) => {
    const error = writing(flags) ? failed(path, 'open') : null;
    if (error) throw error;
    const fd = real(path, flags, mode);
    paths.set(fd, String(path));
    return fd;
  });
  for (const name of ['writeSync', 'fsyncSync'])
    replace(calls, name, (real) => (fd, ...given) => {
      const error = failedHandle(fd, name);
      if (error) throw error;
      return real(fd, ...given);
    });
}

const handle = await fs.promises.open(process.execPath);
const handles = Object.getPrototypeOf(handle) as Record<string, Any>;
await handle.close();

function install(): void {
  const calls = fs as unknown as Record<string, Any>;
  patchHandles(handles);
  patchPromises(fs.promises as unknown as Record<string, Any>);
  patchCallbacks(calls);
  patchSync(calls);
  syncBuiltinESMExports();
}

if (process.env.MITATE_FAILING_DISK) failDisk(JSON.parse(process.env.MITATE_FAILING_DISK) as Fault);
