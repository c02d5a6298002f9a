import { randomUUID } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabaseUrl } from '../../../tests/support/database.ts';
import { requestRecord } from '../../../tests/support/request-record.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { someone } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import type { RequestRecord } from '../../contracts/request-record.ts';
import { localArtifacts } from '../artifacts/fs.ts';
import { listFiles } from '../artifacts/tree-digest.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import { readArchive } from './archive-reader.ts';
import { writeArchive } from './archive-writer.ts';
import { isPlace } from './artifact-places.ts';
import { type BackupSummary, backup } from './backup.ts';
import type { Manifest } from './manifest.ts';
import { restore } from './restore.ts';

describe('a backup', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const file = at('backup.tar.gz');
  const runId = randomUUID();
  let summary: BackupSummary;
  const progress: [number, number][] = [];

  async function fill(store: OpenStore, id: string): Promise<void> {
    const person = { who: 'ann', pid: process.pid, trigger: 'demand', startedAt: new Date() };
    const origin = { source: null, gitCommit: null, definitionDigest: 'd', seed: 7, parameters: { images: '写真' } };
    await store.createRun({ id, pipeline: 'leaf', ...origin, ...person });
    for (const n of [1, 2]) {
      const execution = { id: `${id}-${n}`, runId: id, step: 'train', component: 'Trainer', attempt: 1 };
      await store.startExecution({ ...execution, cacheKey: `k${n}`, keyParts: { a: 'b' }, startedAt: new Date() }, []);
      const place = { pipeline: 'leaf', step: 'train', key: 'model', executionId: execution.id };
      const artifacts = localArtifacts(store.workspace.artifacts);
      writeFileSync(join(await artifacts.stage(place), 'モデル.onnx'), `weights ${n}\n`.repeat(200_000 * n));
      const output = {
        id: `model-${id}-${n}`,
        key: 'model',
        type: 'Model',
        properties: { auc: 0.5 },
        ...(await artifacts.publish(place)),
      } as const;
      await store.completeExecution(execution.id, { outputs: [output], intents: [], summary: null, who: 'ann' });
      const push = { id: `${id}-push-${n}`, runId: id, step: 'push', component: 'Pusher', attempt: 1, cacheKey: null };
      await store.startExecution({ ...push, keyParts: {}, startedAt: new Date() }, [
        { key: 'model', artifactId: output.id },
      ]);
      const intent = { kind: 'push-model', modelName: 'leaf', input: 'model', output: 'p', endpoint: 'leaf' } as const;
      await store.completeExecution(push.id, {
        outputs: [],
        intents: [{ ...intent, blessed: true, metrics: { auc: 0.1 + 0.2 } }],
        summary: null,
        who: 'ann',
      });
    }
    await store.finishRun(id, 'succeeded', null);
    await fillService(store);
  }

  /** Three months of requests, and who may do what; in a project of their own too. */
  async function fillService(store: OpenStore): Promise<void> {
    const project = randomUUID();
    await unaudited(store).access.createProject({ name: project, description: '庭\u2028\u2029' });
    const key = { name: 'ci', scope: 'admin' as const, expiresAt: null, createdBy: 'ann', hash: 'h' };
    await unaudited(store).access.createKey({ ...key, id: randomUUID(), project });
    const user = randomUUID();
    await unaudited(store).access.createUser({ name: user, passwordHash: 'scrypt$' });
    await unaudited(store).access.setRole(user, project, 'approver');
    const session = { user, expiresAt: new Date(Date.now() + 1e9), address: null, userAgent: null };
    await unaudited(store).access.createSession({ ...session, hash: randomUUID() });
    await store.forProject(project).audited(async () => {}, {
      actor: someone('ann'),
      action: 'log.erase',
      subject: 's',
      details: { 理由: 1, 'line\u2028': 'a\u2029\u0085' },
    });
    const subject = { actor: someone('ann'), action: 'secret.set' as const, subject: 's' };
    await store.audited(({ secrets }) => secrets.set('MITATE_CHANNEL_OPS', 'a secret', 'ann'), subject);
    await unaudited(store).endpoints.setEndpoint('leaf', { public: true }, { who: 'ann', why: '' });
    const embedding = Buffer.from(Float32Array.from([0.1, -2]).buffer).toString('base64');
    const records = ['2026-09-30T23:59:59.999Z', '2026-10-01T00:00:00.000Z', '2026-11-23T12:00:00.000Z'].flatMap(
      (loggingTime) => [
        requestRecord({ loggingTime, embedding, attention: { border: 0.25, entropy: 0.5 } }),
        requestRecord({ loggingTime, project }),
      ],
    );
    const lines = records.map((record) => JSON.stringify({ ...record, imageKept: true }));
    await store.requests.ingest('here', lines, { segment: 3, offset: 7 });
    await unaudited(store).feedback.add(records.filter((one) => one.project === store.project).map(saidRight));
  }

  function saidRight({ publicId, endpoint, loggingTime }: RequestRecord) {
    const verdict = {
      kind: 'verdict',
      verdict: 'right',
      label: null,
      truth: null,
      newClass: false,
      event: null,
    } as const;
    const about = { request: publicId, endpoint, requestAt: new Date(loggingTime), at: new Date(loggingTime) };
    return { ...verdict, ...about, value: null, note: null, source: 'api', who: 'ann', idempotencyKey: null } as const;
  }

  async function everything(store: OpenStore) {
    const relative = <T extends { uri: string }>(list: T[]) =>
      list.map((item) => ({ ...item, uri: item.uri.slice(store.workspace.dir.length) }));
    return {
      runs: await store.listRuns(),
      executions: await store.listExecutions(runId),
      artifacts: relative(await store.listArtifacts()),
      versions: (await store.listVersions('leaf')).map(({ artifactUri: _, ...version }) => version),
      timeline: await store.aliasTimeline('leaf'),
      deployments: await store.listDeployments(),
      endpoints: await store.endpoints.listEndpoints(),
      endpointTimeline: await store.endpoints.endpointTimeline('leaf'),
      projects: await store.access.listProjects(),
      keys: await store.access.listKeys(),
      users: await store.access.listUsers(),
      secrets: await store.secrets.list(),
      audit: await store.access.listAudit({}),
      requests: await store.requests.listRequests(),
      feedback: await store.feedback.list(),
      views: await viewsOf(store),
    };
  }

  /** From the start to the end, which comes once. */
  function expectToGrow(counts: [number, number][]) {
    const [done, total] = [counts.map(([done]) => done), counts[0]![1]];
    expect(counts.length).toBeGreaterThan(10);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(counts.filter(([done]) => done === total)).toEqual([[total, total]]);
    expect(counts.at(-1)).toEqual([total, total]);
  }

  async function viewsOf({ connection: { pool } }: OpenStore) {
    const views = ['dim_endpoints', 'dim_models', 'dim_deployments'];
    return Promise.all(views.map(async (view) => (await pool.query(`select * from ${view} order by 1, 2`)).rows));
  }

  beforeAll(async () => {
    await using store = await openStore({ workspace: at('original') });
    await fill(store, runId);
    summary = await backup(store, file, { onProgress: (...counts) => progress.push(counts) });
  });
  afterAll(() => folder[Symbol.dispose]());

  /** As an operator does who moves a workspace. */
  function share(workspace: string): void {
    mkdirSync(at(workspace), { recursive: true });
    copyFileSync(join(at('original'), 'backup.secret'), join(at(workspace), 'backup.secret'));
  }

  /** The archive as somebody would hand it over who changed it. */
  async function forged(name: string, change: (folder: string, manifest: Manifest) => void): Promise<string> {
    const unpacked = at(`${name}-unpacked`);
    const manifest = await readArchive(file, async (path, content) => {
      mkdirSync(dirname(join(unpacked, path)), { recursive: true });
      await pipeline(content, createWriteStream(join(unpacked, path)));
    });
    change(unpacked, manifest);
    const entries = async function* () {
      for (const path of await listFiles(unpacked)) yield { path, from: join(unpacked, path) };
    };
    await writeArchive(at(name), entries(), async (files) => ({ ...manifest, files }));
    return at(name);
  }

  const inRows = (folder: string, table: string, from: string | RegExp, to: string) => {
    const path = join(folder, 'database', `${table}.jsonl`);
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
  };

  it('of another workspace is refused, and taken without its keys, users and secrets (one planted an admin key)', async () => {
    const from = { workspace: at('foreign') };
    for (const each of [file, await forged('planted', (folder) => inRows(folder, 'api_keys', '"ci"', '"root"'))]) {
      await expect(restore(each, from)).rejects.toMatchObject({ code: 'BACKUP_FOREIGN' });
      expect(existsSync(at('foreign'))).toBe(false);
    }
    const { dropped } = await restore(file, { ...from, fromElsewhere: true });
    expect(dropped).toMatchObject({ keys: 1, users: 1, secrets: 1 });
    await using copy = await openStore(from);
    await using original = await openStore({ workspace: at('original') });
    const { audit, ...left } = await everything(copy);
    expect({ ...left, audit }).toEqual({ ...(await everything(original)), keys: [], users: [], secrets: [] });
  });

  it('of another workspace starts nothing: triggers are off, channels and the files of runs gone (one ran code)', async () => {
    const archive = at('with-trigger.tar.gz');
    {
      await using store = await openStore({ workspace: at('with-trigger') });
      const { pool } = store.connection;
      await pool.query(`insert into triggers (name, definition, since, created_at, who)
        values ('evil', '{"name":"evil","isEnabled":true,"isConfined":false}', now(), now(), 'x')`);
      await pool.query(`insert into channels (name, definition, created_at, who) values ('out', '{}', now(), 'x')`);
      await backup(store, archive);
    }
    const from = { workspace: at('of-a-stranger') };
    const { dropped } = await restore(archive, { ...from, fromElsewhere: true });
    expect(dropped).toMatchObject({ triggers: 1, channels: 1 });
    await using copy = await openStore(from);
    const { rows } = await copy.connection.pool.query('select definition from triggers');
    expect(rows).toEqual([{ definition: { name: 'evil', isEnabled: false, isConfined: true } }]);
    expect((await copy.connection.pool.query('select from channels')).rowCount).toBe(0);
  });

  it('lets nobody in again who was shut out since (a revoked key was valid again)', async () => {
    const [archive, link] = [at('before-revoking.tar.gz'), { kind: 'request', subject: 'r' } as const];
    await using store = await openStore({ workspace: at('revoking') });
    const { access, feedback } = unaudited(store);
    for (const id of ['leaked', 'rotated', 'good']) {
      const about = { project: 'default', name: id, scope: 'admin', createdBy: 'ann', expiresAt: null } as const;
      await access.createKey({ ...about, id, hash: id });
    }
    for (const name of ['left', 'here']) await access.createUser({ name, passwordHash: 'x' });
    await backup(store, archive);
    await access.revokeKey('leaked', 'default');
    await access.endKey('rotated', 'default', new Date(0));
    await access.disableUser('left', true);
    await feedback.revokeLinks(link);
    await store[Symbol.asyncDispose]();
    await restore(archive, { workspace: at('revoking'), force: true });
    await using restored = await openStore({ workspace: at('revoking') });
    const keys = await restored.access.listLiveKeys();
    expect(Object.fromEntries(keys.map(({ id, expiresAt }) => [id, expiresAt]))).toEqual({
      rotated: new Date(0),
      good: null,
    });
    expect((await restored.access.listUsers()).map(({ disabledAt }) => disabledAt !== null)).toEqual([false, true]);
    const asked = { link: 'l', request: 'r', endpoint: 'leaf', madeAt: new Date(0) };
    expect(await restored.feedback.isLinkRevoked(asked)).toBe(true);
  });

  it('with a project whose folders would be elsewhere is refused', async () => {
    const planted = await forged('unnamed', (folder) => inRows(folder, 'projects', '"default"', '".."'));
    const into = { workspace: at('with-unnamed'), fromElsewhere: true };
    await expect(restore(planted, into)).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
      message: expect.stringContaining('".."'),
    });
  });

  it('made by this workspace and changed since is one of another', async () => {
    const changed = await forged('changed-since', (folder) => inRows(folder, 'api_keys', '"read"', '"admin"'));
    await expect(restore(changed, { workspace: at('original'), force: true })).rejects.toMatchObject({
      code: 'BACKUP_FOREIGN',
    });
  });

  it('is refused when it is replaced between its two readings (only the first was checked)', async () => {
    share('swapped');
    const planted = await forged('planted-later', (folder) => inRows(folder, 'api_keys', '"ci"', '"root"'));
    const swapped = at('swapped.tar.gz');
    copyFileSync(file, swapped);
    const onProgress = (done: number, total: number) => {
      if (done >= total / 2) copyFileSync(planted, swapped);
    };
    const restored = restore(swapped, { workspace: at('swapped'), onProgress });
    await expect(restored).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
      message: expect.stringContaining('replaced'),
    });
    await using store = await openStore({ workspace: at('swapped') });
    expect(await store.access.listKeys()).toEqual([]);
  });

  it.each([
    'pg_description',
    'sessions',
    'journal_positions',
    'pg_authid',
  ])('with the table %s is refused (one emptied a catalog table)', async (table) => {
    const planted = await forged(`with-${table}`, (folder, { tables }) => {
      tables.push(table);
      writeFileSync(join(folder, 'database', `${table}.jsonl`), '');
    });
    await expect(restore(planted, { workspace: at('never'), fromElsewhere: true })).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
      message: expect.stringContaining(table),
    });
    expect(existsSync(at('never'))).toBe(false);
  });

  it('with an artifact elsewhere is refused (gc deleted a folder outside the workspace)', async () => {
    const planted = await forged('outside', (folder, { files }) => {
      inRows(folder, 'artifacts', /"uri":"[^"]+"/, '"uri":"../../outside"');
      for (const { path } of files.filter(({ path }) => path.startsWith('artifacts/')))
        writeFileSync(join(folder, path), 'planted');
    });
    cpSync(at('original'), at('place'), { recursive: true });
    const into = { workspace: at('place'), fromElsewhere: true, force: true };
    await expect(restore(planted, into)).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
    await using store = await openStore(into);
    expect(await store.listRuns()).toHaveLength(1);
    const artifacts = localArtifacts(store.workspace.artifacts);
    for (const { uri, digest } of await store.listArtifacts()) await artifacts.verify(uri, digest);
  });

  it.each([
    '',
    '/etc',
    '/artifacts/x',
    '../x',
    'artifacts',
    'artifacts/',
    'artifacts/../x',
    'artifacts/x/..',
    'artifacts/./x',
    'artifacts//x',
    'artifacts\\..\\x',
    'artifacts/x\0',
    's3://bucket/x',
    'runs/x',
    'C:/x',
  ])('knows that %j is no place of an artifact', (uri) => {
    expect([isPlace(uri), isPlace('artifacts/leaf/train/model/id')]).toEqual([false, true]);
  });

  it('contains everything, and restores it in another folder', async () => {
    expect(summary).toMatchObject({ artifacts: 2, damaged: [] });
    share('copy');
    const restored: [number, number][] = [];
    await restore(file, { workspace: at('copy'), onProgress: (...counts) => restored.push(counts) });
    for (const counts of [progress, restored]) expectToGrow(counts);
    await using original = await openStore({ workspace: at('original') });
    await using copy = await openStore({ workspace: at('copy') });
    expect(await everything(copy)).toEqual(await everything(original));
    const artifacts = localArtifacts(copy.workspace.artifacts);
    for (const { uri, digest } of await copy.listArtifacts()) await artifacts.verify(uri, digest);
    expect(readdirSync(copy.workspace.dir)).not.toContain('.restoring');
    expect((await copy.requests.listPartitions()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['fact_requests_2026_09', 'fact_requests_2026_11']),
    );
    expect(await copy.requests.journalPosition('here')).toBeNull();
    expect((await copy.connection.pool.query('select from sessions')).rowCount).toBe(0);
    expect(readdirSync(copy.workspace.backups)).toEqual([]);
    await fill(copy, randomUUID());
    expect(await copy.listRuns()).toHaveLength(2);
  });

  it.skipIf(testDatabaseUrl === undefined)('moves from the embedded database to a server and back', async () => {
    share('server');
    share('back');
    await restore(file, { workspace: at('server'), databaseUrl: testDatabaseUrl!, force: true });
    {
      await using store = await openStore({ workspace: at('server'), databaseUrl: testDatabaseUrl! });
      await backup(store, at('server.tar.gz'));
    }
    await restore(at('server.tar.gz'), { workspace: at('back') });
    await using original = await openStore({ workspace: at('original') });
    await using back = await openStore({ workspace: at('back') });
    expect(await everything(back)).toEqual(await everything(original));
  });

  it('replaces existing data only with force', async () => {
    const other = randomUUID();
    {
      await using store = await openStore({ workspace: at('used') });
      await fill(store, other);
    }
    share('used');
    const refused = restore(file, { workspace: at('used') });
    await expect(refused).rejects.toMatchObject({ code: 'WORKSPACE_NOT_EMPTY' });
    await restore(file, { workspace: at('used'), force: true });
    await using store = await openStore({ workspace: at('used') });
    expect((await store.listRuns()).map(({ id }) => id)).toEqual([runId]);
  });

  it('does not restore requests erased since', async () => {
    let gone: (string | null)[] = [];
    {
      await using store = await openStore({ workspace: at('used') });
      const [one, two] = await store.requests.listRequests();
      gone = [one!.publicId, two!.imageSha256];
      const erased = { publicIds: [one!.publicId], images: [two!.imageSha256!] };
      await unaudited(store).requests.eraseRequests(erased, { who: 'ann', why: 'asked' });
    }
    await restore(file, { workspace: at('used'), force: true });
    await using store = await openStore({ workspace: at('used') });
    const left = await store.requests.listRequests();
    expect(left).toHaveLength(1);
    for (const { publicId, imageSha256 } of left)
      for (const id of [publicId, imageSha256]) expect(gone).not.toContain(id);
    expect((await store.feedback.list()).map(({ request }) => request)).toEqual([left[0]!.publicId]);
    expect((await store.requests.listTombstones()).map(({ why }) => why)).toEqual(['asked', 'asked']);
  });

  it('repairs a workspace with a broken database', async () => {
    cpSync(at('original'), at('broken'), { recursive: true });
    writeFileSync(join(at('broken'), 'db', 'global', 'pg_control'), 'not a control file');
    await expect(openStore({ workspace: at('broken') })).rejects.toMatchObject({ code: 'DATABASE_STOPPED' });
    await restore(file, { workspace: at('broken'), force: true });
    await using store = await openStore({ workspace: at('broken') });
    expect(await store.listRuns()).toHaveLength(1);
  });

  it('is rejected before anything is written if it is truncated, changed or not a backup', async () => {
    const bytes = readFileSync(file);
    const changed = Buffer.from(bytes);
    changed[bytes.length >> 1]! ^= 0x10;
    const bad = {
      cut: bytes.subarray(0, bytes.length - 100),
      changed,
      other: Buffer.from('PK something'),
      empty: Buffer.alloc(0),
    };
    for (const [name, content] of Object.entries(bad)) {
      writeFileSync(at(name), content);
      await expect(restore(at(name), { workspace: at('never') })).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
    }
    await expect(restore(at('none'), { workspace: at('never') })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(existsSync(at('never'))).toBe(false);
  });

  it('lists artifacts that were missing or changed', async () => {
    await using store = await openStore({ workspace: at('original') });
    const [newer, older] = await store.listArtifacts();
    rmSync(newer!.uri, { recursive: true });
    writeFileSync(join(older!.uri, 'モデル.onnx'), 'edited');
    const { damaged } = await backup(store, at('damaged.tar.gz'));
    expect(damaged.sort()).toEqual([newer!, older!].map(({ uri }) => uri.slice(store.workspace.dir.length + 1)).sort());
  });
});
