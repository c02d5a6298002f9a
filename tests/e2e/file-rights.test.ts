import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../src/actions/workspace/doctor/finding.ts';
import { writeSample } from '../../src/vision/sample/write-sample.ts';
import { parseLines, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
const before = process.umask(0o022);

beforeAll(async () => await writeSample(sandbox.at('photos'), { photos: 40, seed: 1, size: 64 }), 60_000);
afterAll(() => {
  process.umask(before);
  sandbox[Symbol.dispose]();
});

/** PGlite's own cache of its catalog, in a folder that others cannot enter; it ignores the umask of its process. */
const ofDatabase = /\/db\/.*\/pg_internal\.init$/;

/** Paths that others may read, write or enter. */
function* openToOthers(path: string): Generator<string> {
  const found = statSync(path);
  if ((found.mode & 0o077) !== 0 && !ofDatabase.test(path)) yield `${path} ${(found.mode & 0o777).toString(8)}`;
  if (found.isDirectory()) for (const name of readdirSync(path)) yield* openToOthers(join(path, name));
}
const modeOf = (name: string) => (statSync(sandbox.at(name)).mode & 0o777).toString(8);

it('a workspace and its backups are for their user alone whatever the umask; what the user names follows it', async () => {
  await sandbox.json('data', 'import', 'photos');
  await sandbox.json('golden', 'add', 'field', '--from', 'photos');
  const server = sandbox.start(['up', '--port', '0']);
  await server.stderrHas('worker ready');
  expect([...openToOthers(sandbox.at('.mitate'))]).toEqual([]);
  server.process.kill('SIGTERM');
  await server.ended;
  await sandbox.json('backup');
  await sandbox.json('backup', sandbox.at('elsewhere/backup.tar.gz'));
  await sandbox.json(
    'restore',
    sandbox.at('elsewhere/backup.tar.gz'),
    '--workspace',
    sandbox.at('restored'),
    '--from-elsewhere',
  );
  for (const name of ['.mitate', 'restored', 'elsewhere/backup.tar.gz'])
    expect([...openToOthers(sandbox.at(name))]).toEqual([]);

  await sandbox.json('report', '--output', 'report.html');
  await sandbox.json('log', 'export', 'log.jsonl', '--format', 'jsonl');
  await sandbox.json('data', 'export', '--output', 'exported');
  await sandbox.json('init', 'project');
  for (const file of [
    'report.html',
    'log.jsonl',
    'exported/manifest.jsonl',
    'project/package.json',
    'project/pipeline.ts',
  ])
    expect([file, modeOf(file)]).toEqual([file, '644']);
  for (const folder of ['exported', 'project']) expect([folder, modeOf(folder)]).toEqual([folder, '755']);
  chmodSync(sandbox.at('report.html'), 0o600);
  await sandbox.json('report', '--output', 'report.html');
  expect(modeOf('report.html')).toBe('600');
}, 240_000);

it('doctor tells of a workspace that others may enter', async () => {
  chmodSync(sandbox.at('.mitate'), 0o755);
  const { stdout } = await sandbox.start(['doctor', '--json']).ended;
  const found = parseLines<Finding>(stdout).find(({ what }) => what === 'workspace');
  expect(found).toMatchObject({ level: 'warn', ok: true, remedy: `Run: chmod -R go-rwx ${sandbox.at('.mitate')}` });
}, 60_000);
