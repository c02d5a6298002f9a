import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { readTree } from '../../src/store/artifacts/tree-digest.ts';
import { LocalCopies } from '../../src/store/shared/local-copies.ts';
import { openObjects } from '../../src/store/shared/open-objects.ts';
import { SharedArtifacts } from '../../src/store/shared/shared-artifacts.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';

/** Storage that a suite tries. */
export interface Backend extends AsyncDisposable {
  /** Below it, each test has a place of its own. */
  uri: string;
  /** Variables that lead there. */
  env: Record<string, string>;
  /** Error of a clock that is hours ahead; null = the clock does not matter. */
  clockError: string | null;
  /** The next requests are answered with this status, or cut ('cut'); absent = no requests. */
  failNext?(times: number, how: 429 | 500 | 503 | 'cut'): void;
}

const killedWriter = fileURLToPath(new URL('../support/killed-writer.ts', import.meta.url));

/** What every shared storage does. @param manyFiles of one artifact */
export function sharedArtifactsConformance(open: () => Promise<Backend>, { manyFiles }: { manyFiles: number }): void {
  const scratch = new ScratchFolder();
  let backend: Backend;
  let count = 0;
  const opened: LocalCopies[] = [];

  beforeAll(async () => {
    backend = await open();
    for (const [name, value] of Object.entries(backend.env)) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const copies of opened.splice(0)) await copies[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await backend[Symbol.asyncDispose]();
    scratch[Symbol.dispose]();
  });

  const newUri = () => `${backend.uri}/job-${count++}/model`;
  const openCopies = async (name = `copies-${count++}`, maxBytes = 1e9) => {
    const copies = await LocalCopies.open(scratch.at(name), maxBytes);
    opened.push(copies);
    return copies;
  };
  /** A process of its own, with no copies yet. */
  const worker = async (copies?: LocalCopies) =>
    new SharedArtifacts(copies ?? (await openCopies()), new AbortController().signal);
  const folderOf = (files: Record<string, string>) => {
    const folder = scratch.at(`made-${count++}`);
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  };
  const files = {
    'Format-Serving/model.onnx': 'weights'.repeat(1000),
    'モデル.json': '{}',
    "a b+c&d='%20.txt": 'x',
    empty: '',
  };
  const keysAt = async (uri: string) => {
    const keys: string[] = [];
    for await (const key of openObjects(uri).list()) keys.push(key);
    return keys.sort();
  };
  const put = async (uri: string, key: string, text: string) => {
    const { createHash } = await import('node:crypto');
    await openObjects(uri).write(key, {
      body: new Blob([text]),
      sha256: createHash('sha256').update(text).digest('hex'),
    });
  };

  it('gives another machine the same files', async () => {
    const uri = newUri();
    const { digest, sizeBytes } = await (await worker()).publish(folderOf(files), uri, 'one');
    expect(sizeBytes).toBe(7 * 1000 + 2 + 1);
    const other = await worker();
    const path = await other.localise(uri, digest);
    expect((await readTree(path)).digest).toBe(digest);
    expect(readFileSync(join(path, 'モデル.json'), 'utf8')).toBe('{}');
  });

  it('has an artifact of no files', async () => {
    const uri = newUri();
    const { digest } = await (await worker()).publish(folderOf({}), uri, 'one');
    expect(readdirSync(await (await worker()).localise(uri, digest))).toEqual([]);
  });

  it('has no artifact after half an upload, and has one after the next', async () => {
    const uri = newUri();
    await put(uri, 'dead/Format-Serving/model.onnx', 'wei');
    const folder = folderOf(files);
    const { digest } = await readTree(folder);
    await expect((await worker()).localise(uri, digest)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    await (await worker()).publish(folder, uri, 'one');
    expect((await readTree(await (await worker()).localise(uri, digest))).digest).toBe(digest);
  });

  it('has no artifact of a worker that was killed, and one of the worker that takes over', async () => {
    const uri = newUri();
    const folder = folderOf(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`shard-${i}`, `${i}`])));
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--conditions=mitate:source',
        killedWriter,
        folder,
        uri,
        scratch.at('dead'),
        '20',
      ],
      { env: { ...process.env, ...backend.env }, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    const left = await keysAt(uri);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(60);
    const { digest } = await readTree(folder);
    await expect((await worker()).localise(uri, digest)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    await (await worker()).publish(folder, uri, 'two');
    expect((await readTree(await (await worker()).localise(uri, digest))).digest).toBe(digest);
  });

  it('takes the same files from a second writer, and keeps one set of them', async () => {
    const uri = newUri();
    const folder = folderOf(files);
    await (await worker()).publish(folder, uri, 'one');
    const before = await keysAt(uri);
    await (await worker()).publish(folder, uri, 'two');
    expect(await keysAt(uri)).toEqual(before);
  });

  it('refuses other files from a second writer, and keeps the first whole', async () => {
    const uri = newUri();
    const { digest } = await (await worker()).publish(folderOf(files), uri, 'one');
    const other = folderOf({ ...files, 'Format-Serving/model.onnx': 'other' });
    await expect((await worker()).publish(other, uri, 'two')).rejects.toMatchObject({
      code: 'ARTIFACT_TAKEN',
      message: expect.stringContaining('execution one'),
    });
    expect((await readTree(await (await worker()).localise(uri, digest))).digest).toBe(digest);
  });

  it('has one whole winner of many writers at once', async () => {
    const uri = newUri();
    const writers = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const folder = folderOf({ ...files, 'Format-Serving/model.onnx': `weights ${i}` });
        const by = await worker();
        return async () => await by.publish(folder, uri, `writer-${i}`);
      }),
    );
    const ended = await Promise.allSettled(writers.map((publish) => publish()));
    const won = ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value.digest] : []));
    expect(won).toHaveLength(1);
    for (const each of ended)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'ARTIFACT_TAKEN' });
    expect((await readTree(await (await worker()).localise(uri, won[0]!))).digest).toBe(won[0]);
  });

  it.each([
    ['cut short', 'weigh', 'ARTIFACT_OBJECT_DAMAGED'],
    ['changed', 'WEIGHTS'.repeat(1000), 'ARTIFACT_OBJECT_DAMAGED'],
    ['gone', null, 'ARTIFACT_OBJECT_DAMAGED'],
  ])('refuses a file that is %s', async (_, content, code) => {
    const uri = newUri();
    const { digest } = await (await worker()).publish(folderOf(files), uri, 'one');
    if (content === null) await openObjects(uri).remove('one/Format-Serving/model.onnx');
    else await put(uri, 'one/Format-Serving/model.onnx', content);
    await expect((await worker()).localise(uri, digest)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('model.onnx'),
    });
  });

  it('refuses a manifest that is damaged or leads out of the artifact', async () => {
    const uri = newUri();
    const { digest } = await (await worker()).publish(folderOf(files), uri, 'one');
    const manifest = Buffer.from((await openObjects(uri).read('_MANIFEST.json'))!).toString();
    for (const damaged of [
      manifest.slice(0, -9),
      manifest.replace('empty', '../../empty'),
      manifest.replace('/1"', '/9"'),
    ]) {
      await put(uri, '_MANIFEST.json', damaged);
      await expect((await worker()).localise(uri, digest)).rejects.toMatchObject({ code: 'ARTIFACT_MANIFEST_INVALID' });
    }
  });

  it('refuses an artifact of another digest', async () => {
    const uri = newUri();
    await (await worker()).publish(folderOf(files), uri, 'one');
    await expect((await worker()).localise(uri, 'a'.repeat(64))).rejects.toMatchObject({
      code: 'ARTIFACT_DIGEST_MISMATCH',
    });
  });

  it(`publishes and fetches ${manyFiles} files`, async () => {
    const uri = newUri();
    const folder = folderOf(Object.fromEntries(Array.from({ length: manyFiles }, (_, i) => [`${i % 7}/${i}`, `${i}`])));
    const { digest } = await (await worker()).publish(folder, uri, 'one');
    const by = await worker();
    expect((await readTree(await by.localise(uri, digest))).digest).toBe(digest);
    await by.remove(uri);
    expect(await keysAt(uri)).toEqual([]);
  }, 1_800_000);

  it('removes an artifact with what killed writers left of it', async () => {
    const uri = newUri();
    await put(uri, 'dead/model.onnx', 'wei');
    const by = await worker();
    const { digest } = await by.publish(folderOf(files), uri, 'one');
    await by.remove(uri);
    expect(await keysAt(uri)).toEqual([]);
    await expect((await worker()).localise(uri, digest)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
  });

  it('says when the clock is hours ahead, or does not mind', async () => {
    const uri = newUri();
    const by = await worker();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * 3_600_000 });
    const published = by.publish(folderOf(files), uri, 'one');
    if (backend.clockError === null) await published;
    else
      await expect(published).rejects.toMatchObject({
        code: backend.clockError,
        message: expect.stringMatching(/300|299|301/),
      });
  });

  it('is asked again while it is throttled, has errors or hangs up, and loses nothing', async ({ skip }) => {
    if (backend.failNext === undefined) return skip('no requests');
    for (const how of [429, 500, 503, 'cut'] as const) {
      const uri = newUri();
      backend.failNext(2, how);
      const { digest } = await (await worker()).publish(folderOf(files), uri, 'one');
      backend.failNext(2, how);
      expect((await readTree(await (await worker()).localise(uri, digest))).digest).toBe(digest);
    }
  });

  it('is asked once for what another process of the machine has fetched', async () => {
    const uri = newUri();
    const { digest } = await (await worker()).publish(folderOf(files), uri, 'one');
    const name = `machine-${count++}`;
    const [first, second] = [await openCopies(name), await openCopies(name)];
    await (await worker(first)).localise(uri, digest);
    await (await worker()).remove(uri);
    const path = await (await worker(second)).localise(uri, digest);
    expect((await readTree(path)).digest).toBe(digest);
  });

  it('keeps the copies that were used last within the limit, and none that is in use is lost', async () => {
    const name = `machine-${count++}`;
    const copies = await openCopies(name, 2_500);
    const by = await worker(copies);
    const kept = () =>
      readdirSync(scratch.at(name))
        .filter((each) => each !== '.in-use')
        .map((each) => each.slice(0, 64));
    const digests: string[] = [];
    for (const text of ['a', 'b', 'c']) {
      const uri = newUri();
      const { digest } = await by.publish(folderOf({ text: text.repeat(1000) }), uri, 'one');
      digests.push(digest);
      await by.localise(uri, digest);
      if (text === 'b') await (await openCopies(name, 2_500)).take(digests[0]!);
    }
    expect(kept().sort()).toEqual([digests[0], digests[2]].sort());
    // of this process, though no other may use it any more
    expect(readFileSync(join((await copies.take(digests[1]!))!, 'text'), 'utf8')).toBe('b'.repeat(1000));
  });

  it('gives files that were put there without a manifest, if they are those of the digest', async () => {
    const uri = newUri();
    for (const [key, text] of Object.entries(files)) await put(uri, key, text);
    const { digest } = await readTree(folderOf(files));
    expect((await readTree(await (await worker()).download(uri, digest))).digest).toBe(digest);
    await put(uri, 'stray', 'x');
    await expect((await worker()).download(uri, digest)).rejects.toMatchObject({ code: 'ARTIFACT_DIGEST_MISMATCH' });
    await expect((await worker()).download(newUri())).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
  });

  it('does not trust a damaged copy', async () => {
    const uri = newUri();
    const name = `machine-${count++}`;
    const { digest } = await (await worker()).publish(folderOf(files), uri, 'one');
    await (await worker(await openCopies(name))).localise(uri, digest);
    const entry = readdirSync(scratch.at(name)).find((each) => each.startsWith(digest))!;
    writeFileSync(scratch.at(name, entry, 'モデル.json'), 'damaged');
    const path = await (await worker(await openCopies(name))).localise(uri, digest);
    expect((await readTree(path)).digest).toBe(digest);
    expect(existsSync(path)).toBe(true);
  });
}
