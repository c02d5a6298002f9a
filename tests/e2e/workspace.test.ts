import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Imported } from '../../src/actions/workspace/data.ts';
import type { RunRecord } from '../../src/contracts/run.ts';
import { errorOf, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

beforeAll(async () => {
  await sandbox.json('init', 'project');
  cpSync(sandbox.at('project/pipeline.ts'), sandbox.at('pipeline.ts'));
  await sandbox.json('data', 'sample', 'photos', '--photos', '120', '--size', '96');
  await sandbox.json('data', 'import', 'photos');
});

const startRun = () => sandbox.start(['run', 'pipeline.ts', '--param', 'images=photos']);
const latest = async () => (await sandbox.json<RunRecord>('runs', 'list', '--limit', '1'))[0]!;

describe('while a run is in progress', () => {
  it('a second run is refused by name of the first; commands that look are answered; Ctrl-C ends it with 130', async () => {
    const run = startRun();
    await run.stderrHas(/done +example-validator/);
    const second = await sandbox.mitate('run', 'pipeline.ts', '--param', 'images=photos', '--json');
    expect([second.code, errorOf(second).code]).toEqual([1, 'WORKSPACE_LOCKED']);
    expect(errorOf(second).message).toContain(`process ${run.process.pid}`);
    expect(errorOf(second).message).toContain('mitate.js run pipeline.ts');
    expect(await latest()).toMatchObject({ state: 'running', pipeline: 'leaf-health' });
    expect((await sandbox.mitate('data', 'stats')).code).toBe(0);
    run.process.kill('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('press Ctrl-C again to stop at once');
    expect(stdout).toMatch(/^Cancelled after .* Run the same command to resume\.\n$/);
    expect(await latest()).toMatchObject({ state: 'cancelled' });
  });

  it('"mitate runs cancel" from elsewhere ends it as well', async () => {
    const run = startRun();
    await run.stderrHas(/(done|cached) +example-validator/);
    await sandbox.json('runs', 'cancel', (await latest()).id);
    expect((await run.ended).code).toBe(130);
    const again = await sandbox.mitate('runs', 'cancel', 'latest', '--json');
    expect(errorOf(again).code).toBe('RUN_NOT_RUNNING');
  });

  it('Ctrl-C twice kills; the next command finds a sound workspace and says what became of the run', async () => {
    const run = startRun();
    await run.stderrHas(/(done|cached) +example-validator/);
    run.process.kill('SIGINT');
    await run.stderrHas('press Ctrl-C again');
    run.process.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(['cancelled', 'failed']).toContain((await latest()).state);
    const [again] = await sandbox.json<Imported>('data', 'import', 'photos');
    expect(again!.run.steps.every(({ state }) => state === 'cached')).toBe(true);
  });
});

describe('a workspace that cannot be', () => {
  it('under a file', async () => {
    sandbox.write('file', '');
    for (const workspace of ['file', 'file/inside']) {
      const ran = await sandbox.mitate('runs', 'list', '--workspace', workspace, '--json');
      expect([ran.code, errorOf(ran).code]).toEqual([1, 'WORKSPACE_READ_ONLY']);
    }
  });

  const small = sandbox.at('small');
  const mounted = mountSmall(small);
  afterAll(() => {
    if (mounted) execFileSync('umount', [small]);
  });

  it.skipIf(!mounted)('on a full disk', async () => {
    const workspace = join(small, 'workspace');
    const ran = await sandbox.mitate('data', 'import', 'photos', '--workspace', workspace, '--json');
    expect([ran.code, errorOf(ran).code]).toEqual([1, 'DISK_FULL']);
    expect(errorOf(ran).remedy).toContain('Free some space');
  });

  it.skipIf(!mounted)('on a read-only disk', async () => {
    rmSync(join(small, 'workspace'), { recursive: true, force: true });
    execFileSync('mount', ['-o', 'remount,ro', small]);
    const ran = await sandbox.mitate('data', 'import', 'photos', '--workspace', join(small, 'workspace'), '--json');
    expect([ran.code, errorOf(ran).code]).toEqual([1, 'WORKSPACE_READ_ONLY']);
  });
});

/** 2 MB of disk, where this user may mount. */
function mountSmall(folder: string): boolean {
  try {
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

it('a newer workspace is left alone', async () => {
  sandbox.write('newer/workspace.json', '{"formatVersion":99}');
  const ran = await sandbox.mitate('runs', 'list', '--workspace', 'newer', '--json');
  expect([ran.code, errorOf(ran).code]).toEqual([1, 'WORKSPACE_NEWER']);
  expect(readFileSync(sandbox.at('newer/workspace.json'), 'utf8')).toBe('{"formatVersion":99}');
});
