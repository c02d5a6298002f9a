import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { receiveRelease } from '../../src/actions/releases/receive.ts';
import { codeOfRun } from '../../src/actions/runs/code-of-run.ts';
import { enqueueRun } from '../../src/actions/runs/queued-runs.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { releaseId } from '../../src/contracts/release-id.ts';
import { goldenPath } from '../../src/orchestrator/golden-files.ts';
import { openRunQueue, type RunQueue } from '../../src/orchestrator/queue/run-queue.ts';
import { packBundle } from '../../src/orchestrator/release/bundle.ts';
import { codeDigest, codeDigestOf, collectCode } from '../../src/orchestrator/release/collect-code.ts';
import { tombstones } from '../../src/store/database/schema.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { sourceFlags } from '../support/source-flags.ts';
import { tester } from '../support/tester.ts';
import { unaudited } from '../support/unaudited.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const folder = new ScratchFolder();
const workspace = folder.at('workspace');
const pipelines = folder.at('pipelines');
const workers: ChildProcess[] = [];
let store: OpenStore;
let queue: RunQueue;
/** All pipelines here have one definition: their code differs. */
let ofActors: string;

/** A pipeline with one step, whose component does `work` and writes what that gives as JSON. */
const doing = (work: string, above = '') => `
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineComponent, definePipeline, z } from 'mitate';
${above}
const actor = defineComponent({
  spec: { name: 'Actor', version: '1', inputs: {}, outputs: { report: { type: 'InferenceResult' } }, parameters: z.object({}), cacheable: false },
  run: async (context) => {
    const found = await (async () => { ${work} })();
    await writeFile(join(context.outputs.report, 'found.json'), JSON.stringify(found ?? null));
    return {};
  },
});
export default definePipeline('actors', {}, () => { actor(); });
`;

function startWorker(args: string[], env: NodeJS.ProcessEnv): void {
  const command = [...sourceFlags, main, 'worker', '--workspace', workspace, ...args];
  const inherited = { ...process.env, MITATE_PROCESSES: '1', MITATE_TEST_SECRET: 'of-the-server', ...env };
  workers.push(spawn(process.execPath, command, { env: inherited, stdio: 'ignore' }));
}

beforeAll(async () => {
  mkdirSync(pipelines);
  store = await openStore({ workspace, serves: true });
  queue = await openRunQueue(store, { logger: silentLogger });
  for (const name of ['roses', 'short', 'killed'])
    await unaudited(store).access.createProject({ name, description: '' });
  await queue.claim('short');
  startWorker([], { MITATE_RUN_MEMORY_MB: '192', MITATE_RELEASE_WRITES: folder.at('copies') });
  startWorker(['--project', 'short'], { MITATE_RUN_TIMEOUT: '3s' });
});
afterAll(async () => {
  for (const worker of workers) {
    worker.kill('SIGTERM');
    if (worker.exitCode === null) expect(await once(worker, 'exit')).toEqual([0, null]);
  }
  await queue[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

async function ended(id: string, of: OpenStore) {
  await vi.waitFor(async () => expect(['completed', 'failed']).toContain((await queue.find(of.project, id))?.state), {
    timeout: 50_000,
    interval: 50,
  });
  const { error } = (await queue.find(of.project, id))!;
  const run = await of.getRun(id);
  const [artifact] = await of.listArtifacts({ step: 'actor', limit: 1 });
  const found = () => JSON.parse(readFileSync(join(artifact!.uri, 'found.json'), 'utf8'));
  return { error: error ?? run?.error ?? null, run, found };
}

async function enqueued(file: string, of: OpenStore = store): Promise<string> {
  const actor = tester;
  return (await enqueueRun({ store: of, queue, pipelines }, { pipeline: file, parameters: {}, actor })).id;
}

async function ranFile(source: string, of: OpenStore = store) {
  const name = `${randomUUID()}.ts`;
  writeFileSync(join(pipelines, name), source);
  return await ended(await enqueued(name, of), of);
}

describe('a queued run', () => {
  it('runs the file as it is now, and records its digest (the worker ran what it had loaded first)', async () => {
    const file = join(pipelines, 'edited.ts');
    const once = async (says: string) => {
      writeFileSync(file, doing(`return '${says}';`));
      const { run, found } = await ended(await enqueued('edited.ts'), store);
      return { said: found(), digest: run!.codeDigest, isRecorded: run!.codeDigest === (await codeDigestOf(file)) };
    };
    const [before, after] = [await once('before'), await once('after')];
    expect([before, after]).toMatchObject([
      { said: 'before', isRecorded: true },
      { said: 'after', isRecorded: true },
    ]);
    expect(after.digest).not.toBe(before.digest);
  });

  it('has an environment without secrets', async () => {
    const { found } = await ranFile(doing('return Object.keys(process.env);'));
    expect(found()).toContain('PATH');
    expect(found().filter((name: string) => /MITATE|SECRET|TOKEN|AWS/.test(name))).toEqual([]);
  });

  it('whose process is killed fails, and the worker goes on', async () => {
    const { error, run } = await ranFile(doing("process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});"));
    expect(error).toMatchObject({ code: 'RUN_CODE_ENDED', message: expect.stringContaining('SIGKILL') });
    expect(run!.state).toBe('failed');
    expect((await ranFile(doing('return 1;'))).run!.state).toBe('succeeded');
  });

  it('whose process is killed tries again, in another one, where its step has retries', async () => {
    const work = `
      const { existsSync } = await import('node:fs');
      if (existsSync('${folder.at('killed-once')}')) return 'again';
      await writeFile('${folder.at('killed-once')}', '');
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => {});`;
    const { run, found } = await ranFile(doing(work).replace('actor();', 'actor({}, { retries: 1 });'));
    expect(run!.state).toBe('succeeded');
    expect(found()).toBe('again');
  });

  it.each([
    ['on the heap', 'const kept = []; for (;;) kept.push({ at: kept.length });'],
    [
      'in buffers',
      'const kept = []; for (;;) { kept.push(Buffer.alloc(2 ** 22, 1)); await new Promise(setImmediate); }',
    ],
  ])('ends when its code takes too much memory %s', async (_, work) => {
    expect((await ranFile(doing(work))).error).toMatchObject({ code: 'RUN_MEMORY_EXCEEDED' });
  });

  it.each([
    ['a component that waits', doing('await new Promise((r) => setTimeout(r, 600_000));')],
    ['a component that spins', doing('for (;;);')],
  ])('ends when it takes too long: %s', async (_, source) => {
    const { error, run } = await ranFile(source, store.forProject('short'));
    expect(error).toMatchObject({ code: 'RUN_TIMEOUT' });
    expect(run!.state).toBe('failed');
  });

  it.runIf(existsSync('/usr/bin/setpriv'))('ends with its worker, even code that spins', async () => {
    const pidFile = folder.at('pid');
    writeFileSync(join(pipelines, 'spins.ts'), doing(`await writeFile('${pidFile}', String(process.pid)); for (;;);`));
    await queue.claim('killed');
    startWorker(['--project', 'killed'], {});
    await enqueued('spins.ts', store.forProject('killed'));
    await vi.waitFor(() => expect(existsSync(pidFile) && readFileSync(pidFile, 'utf8')).toMatch(/^\d+$/), 40_000);
    const worker = workers.pop()!;
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 10_000);
  });
});

/** Each thing that hostile code tries, and what came of it. */
const attempts = `
import fs from 'node:fs';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const tried = {};
const attempt = (name, act) => { try { tried[name] = ['got', String(act()).slice(0, 200)]; } catch (error) { tried[name] = ['refused', error.code]; } };
attempt('the local token', () => fs.readFileSync('${workspace}/server.json', 'utf8'));
attempt('files of the workspace', () => fs.readdirSync('${workspace}'));
attempt('artifacts of others', () => fs.readdirSync('${workspace}/artifacts'));
attempt('the database', () => fs.readdirSync('${workspace}/db'));
attempt('the environment of the worker', () => fs.readFileSync('/proc/' + process.ppid + '/environ', 'utf8'));
attempt('its own release', () => { fs.writeFileSync(new URL(import.meta.url), 'export default 2'); });
attempt('files by a link', () => { fs.symlinkSync('${workspace}', 'link'); return fs.readdirSync('link'); });
attempt('a process', () => require('node:child_process').execSync('cat ${workspace}/server.json'));
attempt('a thread', () => new (require('node:worker_threads').Worker)('1', { eval: true }));
attempt('a native module', () => process.dlopen({ exports: {} }, '/usr/lib/x.node'));
attempt('SQLite, which opens any file', () => { new (require('node:sqlite').DatabaseSync)('${workspace}/made.db'); });
attempt('bindings', () => process.binding('fs'));
attempt('the debugger', () => { require('node:inspector').open(0); });
attempt('a report', () => process.report.writeReport('${workspace}/report.json'));
attempt('a snapshot', () => require('node:v8').writeHeapSnapshot('${workspace}/heap'));
`;

describe('code of a release', () => {
  beforeAll(async () => {
    ofActors = (await ranFile(doing('return 1;'))).run!.definitionDigest;
  });

  it('reaches no token, key, secret or file of another project (it read server.json)', async () => {
    const { run, found } = await releasedRun('hostile', doing('return { tried, env: process.env };', attempts));
    expect(run).toMatchObject({ state: 'succeeded' });
    const { tried, env } = found();
    expect(Object.keys(tried)).toHaveLength(15);
    for (const [name, [came, code]] of Object.entries<string[]>(tried))
      expect([name, came, code]).toEqual([name, 'refused', expect.stringMatching(refusals)]);
    expect(JSON.stringify(env)).not.toContain('of-the-server');
    expect(existsSync(join(workspace, 'made.db'))).toBe(false);
  });

  it('gets the golden photos of its project, learns what was erased, and its words are in the log', async () => {
    const roses = store.forProject('roses');
    const about = { format: 'jpeg', phash: '0'.repeat(16), thumbnail: '', request: null, imageSha256: null } as const;
    const photo = { ...about, set: 'field', label: 'rust', sha256: 'a'.repeat(64), who: 'test' };
    await unaudited(roses).golden.addPhotos([photo]);
    const file = goldenPath({ workspace: roses.workspace, project: 'roses' }, photo);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'the photo');
    const erased = { hash: sha256('roses/gone'), project: 'roses', kind: 'image', at: new Date(), why: '' } as const;
    await store.connection.database.insert(tombstones).values({ ...erased, who: 'test' });
    const source = doing(`
      context.logger.warn('looking', { at: 'photos' });
      const [photo] = await context.golden.photos();
      const gone = [...(await context.erasures.among(['gone', 'kept']))];
      const { readFile } = await import('node:fs/promises');
      return { label: photo.label, file: await readFile(context.golden.fileOf(photo), 'utf8'), gone };`);
    const asking = source.replace("version: '1',", "version: '1', capabilities: ['golden', 'erasures'],");
    const { run, found } = await releasedRun('asking', asking);
    expect(found()).toEqual({ label: 'rust', file: 'the photo', gone: ['gone'] });
    const log = readFileSync(join(roses.workspace.runs, run!.id, 'actor.log'), 'utf8');
    expect(log).toContain('"level":"warn","message":"looking","fields":{"at":"photos"}');
  });

  it.each([
    ['photos', `${workspace}/images`],
    ['spans, through a link,', `/proc/self/root${workspace}/data/roses/span-{SPAN}`],
    ['a bucket that the worker may read,', 's3://bucket/all'],
  ])('makes no built-in component read %s for it', async (what, place) => {
    const source = `
      import { definePipeline, exampleGen } from 'mitate';
      export default definePipeline('actors', {}, () => { exampleGen({ source: '${place}' }); });`;
    const { run: own } = await ranFile(source);
    const { error } = await releasedRun(`reader-${what[0]}`, source, own!.definitionDigest);
    expect(error).toMatchObject({ code: 'RUN_CODE_DENIED', message: expect.stringContaining(place) });
  });

  it('opens no inspector of its worker by a signal (it ran code in the worker)', async () => {
    const work = `
      const isOpen = () => fetch('http://127.0.0.1:9229/json').then(() => true, () => false);
      const before = await isOpen();
      process.kill(process.ppid, 'SIGUSR1');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return { before, after: await isOpen() };`;
    const { found } = await releasedRun('signal', doing(work));
    const { before, after } = found();
    expect(after).toBe(before);
  });

  it('leaves nothing in its output that runs as a pipeline of the operator (it ran unconfined)', async () => {
    const { run } = await releasedRun(
      'writer',
      doing(`await writeFile(join(context.outputs.report, 'evil.mjs'), ''); return 1;`),
    );
    const report = (await store.forProject('roses').listArtifacts({ type: 'InferenceResult' })).find(({ uri }) =>
      existsSync(join(uri, 'evil.mjs')),
    );
    const file = join(report!.uri, 'evil.mjs');
    expect(run).toMatchObject({ state: 'succeeded' });
    const orders = { store, queue, pipelines: folder.path };
    const wish = { pipeline: file, parameters: {}, actor: tester };
    await expect(enqueueRun(orders, wish)).rejects.toMatchObject({ code: 'RUN_PIPELINE_OUTSIDE' });
    await expect(
      codeOfRun(
        resolveConfig({ flags: { workspace }, env: {}, cwd: '/', isTty: false }),
        store,
        `/proc/self/root${file}`,
      ),
    ).rejects.toMatchObject({
      code: 'RUN_PIPELINE_OUTSIDE',
    });
  });

  it.each([
    ['the pipelines folder', pipelines, 'RUN_CODE_DENIED'],
    ['the workspace', `${workspace}/releases`, 'RUN_CODE_DENIED'],
    ['a folder by a link', `/proc/self/root${pipelines}`, 'RUN_CODE_DENIED'],
    ['a folder of MITATE_RELEASE_WRITES', folder.at('copies'), undefined],
  ])('has a model copied to %s only where the operator says (the copy ran as the operator’s)', async (what, to, code) => {
    const pushing = (place: string) => `
      import { writeFile } from 'node:fs/promises';
      import { join } from 'node:path';
      import { defineComponent, definePipeline, z } from 'mitate';
      const parameters = z.object({});
      const maker = defineComponent({
        spec: { name: 'Maker', version: '1', inputs: {}, outputs: { model: { type: 'Model' } }, parameters, cacheable: false },
        run: async ({ outputs }) => { await writeFile(join(outputs.model, 'evil.mjs'), ''); return {}; },
      });
      const mover = defineComponent({
        spec: { name: 'Mover', version: '1', inputs: { model: { type: 'Model' } }, outputs: { pushed: { type: 'PushedModel' } }, parameters, cacheable: false },
        run: async ({ outputs }) => {
          await writeFile(join(outputs.pushed, 'pushed.json'), '{}');
          const intent = { kind: 'push-model', modelName: 'evil', input: 'model', output: 'pushed', blessed: true, metrics: {} };
          return { intents: [{ ...intent, ${place} }] };
        },
      });
      export default definePipeline('actors', {}, () => { const { model } = maker(); mover({ model }); });`;
    const { run: own } = await ranFile(pushing(''));
    const { error } = await releasedRun(
      `pusher-${what.replaceAll(' ', '-')}`,
      pushing(`destination: '${to}'`),
      own!.definitionDigest,
    );
    expect(error?.code).toBe(code);
    const copies = [pipelines, `${workspace}/releases`, folder.at('copies')].filter((place) =>
      existsSync(join(place, '1')),
    );
    expect(copies).toEqual(code === undefined ? [to] : []);
  });

  it.each([
    ['null', 'process.send?.(null); send(null);'],
    ['a message of Node’s own', `process.send?.({ cmd: 'NODE_HANDLE_ACK' }); send({ cmd: 'NODE_HANDLE_ACK' });`],
    [
      'an error of no catalogue',
      `const error = { code: '__proto__', details: {} }; for (let id = 0; id < 50; id++) { process.send?.({ id, error }); send({ id, error }); }`,
    ],
    [
      'an error that is no text',
      `for (let id = 0; id < 50; id++) send({ id, error: { code: 'STEP_FAILED', details: { step: { toString: 1 } } } });`,
    ],
    [
      'what is no JSON',
      `for (let fd = 3; fd < 30; fd++) try { if (fstatSync(fd).isSocket()) writeSync(fd, '{garbage\\n'); } catch {}`,
    ],
    ['a line without end', `const much = 'x'.repeat(2 ** 20); for (let i = 0; i < 200; i++) writeAll(3, much);`],
  ])('ends no worker by what it sends: %s (the runs of all projects ended with it)', async (what, work) => {
    const above = `
      import { fstatSync, writeSync } from 'node:fs';
      const writeAll = (fd, text) => { for (let at = 0; at < text.length; ) try { at += writeSync(fd, text.slice(at)); } catch (error) { if (error.code !== 'EAGAIN') throw error; } };
      const send = (message) => { try { writeAll(3, JSON.stringify(message) + '\\n'); } catch {} };`;
    const [{ pid }] = workers as [ChildProcess];
    const { error } = await releasedRun(
      `sends-${what.replaceAll(/\W/g, '')}`,
      doing(`${work} await new Promise((resolve) => setTimeout(resolve, 1_000)); return 1;`, above),
    );
    expect([undefined, 'RUN_CODE_ENDED', 'INTERNAL', 'STEP_FAILED']).toContain(error?.code);
    expect([workers[0]!.pid, workers[0]!.exitCode, workers[0]!.signalCode]).toEqual([pid, null, null]);
  });

  it('leaves errors and properties of a bounded size, also in errors of the catalogue', async () => {
    const thrown = await releasedRun(
      'shouts',
      doing(`throw new MitateError('STEP_FAILED', { step: 'actor', reason: 'x'.repeat(5_000_000), log: '' });`).replace(
        'definePipeline, z }',
        'definePipeline, MitateError, z }',
      ),
    );
    expect(thrown.error).toMatchObject({ code: 'STEP_FAILED' });
    expect(JSON.stringify(thrown.run!.error).length).toBeLessThan(21_000);
    const plain = await releasedRun('shouts-plain', doing(`throw new Error('x'.repeat(5_000_000));`));
    expect(JSON.stringify(plain.run!.error).length).toBeLessThan(21_000);
    const unloaded = await releasedRun('shouts-early', `throw new Error('x'.repeat(5_000_000));`);
    expect(JSON.stringify(unloaded.error).length).toBeLessThan(21_000);
    const big = doing('return 1;').replace(
      'return {};',
      `return { properties: { report: { big: 'x'.repeat(5_000_000) } } };`,
    );
    expect((await releasedRun('boasts', big)).error).toMatchObject({ code: 'RUN_CODE_ENDED' });
  });

  it('is told what it may not do', async () => {
    const work = "return readFileSync('/etc/hostname', 'utf8');";
    const { error } = await releasedRun('curious', doing(work, "import { readFileSync } from 'node:fs';"));
    expect(error).toMatchObject({ code: 'RUN_CODE_DENIED', message: expect.stringContaining('/etc/hostname') });
  });

  it('runs as the definition that was released, or not at all', async () => {
    const { error } = await releasedRun('forged', doing('return 1;'), 'd'.repeat(64));
    expect(error).toMatchObject({ code: 'RELEASE_DIGEST_MISMATCH' });
  });
});

/** Not because the file is missing. */
const refusals = /^ERR_(ACCESS_DENIED|DLOPEN_DISABLED|UNKNOWN_BUILTIN_MODULE)$/;

async function releasedRun(name: string, source: string, definition = ofActors) {
  mkdirSync(folder.at(name));
  folder.write(`${name}/package.json`, '{"type":"module"}');
  folder.write(`${name}/p.ts`, source);
  const roses = store.forProject('roses');
  return await ended(await brought(folder.at(name), roses, definition), roses);
}

/** As an admin of the server brings it. */
async function brought(project: string, of: OpenStore, definitionDigest: string): Promise<string> {
  const file = join(project, 'p.ts');
  const code = await collectCode(file);
  const bundle = await packBundle(code);
  const frozen = {
    pipeline: 'actors',
    definitionDigest,
    codeDigest: codeDigest(code),
    parameters: {},
  };
  const made = { gitCommit: null, runId: randomUUID(), bundleDigest: sha256(bundle), environment: 'dev', who: 'ci' };
  const release = { ...frozen, ...made, id: releaseId(frozen) };
  const where = {
    environment: 'prod',
    stage: 'production',
    parameters: {},
    run: true,
    via: 'api',
    byHand: false,
  } as const;
  const { start } = await receiveRelease(of, async () => queue, {
    ...{ release, bundle, proofs: [], ...where },
    actor: { ...tester, kind: 'local' },
  });
  return start.runId as string;
}
