import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../../src/actions/access/user.ts';
import { openStore } from '../../src/store/open-store.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { sourceFlags } from '../support/source-flags.ts';
import { tester } from '../support/tester.ts';

// biome-ignore lint/suspicious/noExplicitAny: of many commands
type Told = any;

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const pipeline = (version: number) => `
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineComponent, definePipeline, param, z } from 'mitate';
import { mark } from './lib/mark.ts';
const note = defineComponent({
  spec: { name: 'Note', version: '${version}', inputs: {}, outputs: { examples: { type: 'Examples' } }, parameters: z.object({ text: z.string() }) },
  run: async ({ outputs, parameters }) => { await writeFile(join(outputs.examples, 'text'), parameters.text + mark); return {}; },
});
export default definePipeline('notes', { text: param.string() }, ({ text }) => { note({ text }); });
`;

const secret = 'a-secret-of-at-least-32-characters';

describe('from dev to prod', () => {
  const folder = new ScratchFolder();
  let server: ServedApp;
  let key: string;

  beforeAll(async () => {
    server = await ServedApp.open([], { env: { MITATE_RELEASE_SECRET: secret } });
    const approver = {
      name: 'mika',
      password: 'correct horse battery',
      role: 'approver',
    } as const;
    await createUser(server.served.store, approver, tester);
    key = await server.makeKey('admin');
    folder.write('package.json', '{"type":"module"}');
    folder.write('notes.ts', pipeline(1));
    folder.write('lib/mark.ts', "export const mark = '!';");
    folder.write(
      'mitate.config.ts',
      `import { defineConfig } from 'mitate';
      export default defineConfig({ environments: {
        dev: { workspace: '.mitate' },
        staging: { workspace: 'staging', stage: 'pre-production', parameters: { text: 'staged' } },
        prod: { server: '${server.url}', keyEnv: 'TEST_PROD_KEY', stage: 'production', after: { environment: 'staging', goodRuns: 1 } },
      } });`,
    );
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const mitate = (...args: string[]) =>
    new Promise<{ code: number; out: Told[]; error: { code: string; message: string } | null }>((resolve) => {
      const options = {
        cwd: folder.path,
        env: { ...process.env, TEST_PROD_KEY: key, MITATE_RELEASE_SECRET: secret, MITATE_WORKSPACE: undefined },
      };
      execFile(process.execPath, [...sourceFlags, main, ...args, '--json'], options, (failed, stdout, stderr) => {
        const lines = (text: string) =>
          text
            .split('\n')
            .filter((line) => line.startsWith('{'))
            .map((line) => JSON.parse(line));
        const error = failed ? (lines(stderr).at(-1)?.error ?? { code: 'NONE', message: stderr }) : null;
        resolve({ code: failed ? Number(failed.code) : 0, out: lines(stdout), error });
      });
    });

  it('freezes only what ran well as it is, and brings it on from one environment to the next', async () => {
    expect((await mitate('release', 'notes.ts')).error?.code).toBe('RELEASE_NOT_RUN');
    expect((await mitate('run', 'notes.ts', '--param', 'text=tried')).error).toBeNull();
    folder.write('lib/mark.ts', "export const mark = '?';");
    const changed = await mitate('release', 'notes.ts');
    expect(changed.error?.message).toContain('the code was changed since');
    folder.write('lib/mark.ts', "export const mark = '!';");

    const made = await mitate('release', 'notes.ts', '--out', 'release.json');
    const { id } = made.out[0];
    expect(made.out[0]).toMatchObject({ pipeline: 'notes', environment: 'dev', parameters: { text: 'tried' } });
    expect((await mitate('release', 'notes.ts')).out[0].id).toBe(id);

    expect((await mitate('deploy-pipeline', id, '--env', 'prod')).error?.code).toBe('RELEASE_TOO_SOON');
    expect((await mitate('deploy-pipeline', id, '--env', 'nowhere')).error?.code).toBe('ENVIRONMENT_UNKNOWN');

    const flags = [...sourceFlags, main, 'worker', '--workspace', folder.at('staging')];
    const worker = spawn(process.execPath, flags, {
      env: { ...process.env, MITATE_PROCESSES: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    worker.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    // both open the new workspace at one moment
    const staged = await mitate('deploy-pipeline', id, '--env', 'staging', '--wait');
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    expect(staged.error, said).toBeNull();
    expect(staged).toMatchObject({ code: 0, out: [{ release: id, state: 'succeeded' }] });
    await using store = await openStore({ workspace: folder.at('staging') });
    const [run] = await store.listRuns();
    const dev = made.out[0];
    expect(run).toMatchObject({
      id: staged.out[0].runId,
      definitionDigest: dev.definitionDigest,
      codeDigest: dev.codeDigest,
      trigger: `release ${id}`,
    });
    expect(run!.who).toMatch(/^local:/);
    const [examples] = await store.listArtifacts({ runId: run!.id });
    expect(readFileSync(`${examples!.uri}/text`, 'utf8')).toBe('staged!');

    const brought = await mitate('deploy-pipeline', 'release.json', '--env', 'prod');
    expect(brought.out[0]).toMatchObject({ release: id, environment: 'prod', stage: 'production', state: 'queued' });
    const arrived = await server.served.store.releases.listStarts();
    expect(arrived).toMatchObject([{ release: id, via: 'api', runId: brought.out[0].runId }]);
    const shown = await mitate('release', 'show', 'latest');
    expect(
      shown.out[0].starts.map(({ environment, state }: { environment: string; state: string }) => [environment, state]),
    ).toEqual([
      ['prod', 'queued'],
      ['staging', 'succeeded'],
    ]);
  }, 480_000);

  it('tests it on its own, and the outcome travels with the release', async () => {
    const { code, out } = await mitate('test-pipeline', 'notes.ts', '--param', 'text=x');
    const held = Object.fromEntries(
      out[0].checks.map(({ name, passed }: { name: string; passed: boolean }) => [name, passed]),
    );
    // it makes no model: what is said of models does not hold
    expect(held).toMatchObject({
      integration: true,
      artifacts: true,
      features: false,
      finite: false,
      converges: false,
      model: false,
    });
    expect([code, out[0].passed]).toEqual([1, false]);
    const shown = await mitate('release', 'show', 'latest', '--out', 'tested.json');
    expect(shown.out[0].proofs).toMatchObject([{ kind: 'pipeline-test', subject: 'notes', passed: false }]);
    expect(JSON.parse(readFileSync(folder.at('tested.json'), 'utf8')).proofs).toHaveLength(1);
    expect((await mitate('runs', 'list')).out).toHaveLength(1);
  }, 240_000);

  it('announces it by the signed webhook', async () => {
    const send = (branch: string) =>
      mitate('release', 'send', 'release.json', '--to', server.url, '--branch', branch, '--approver', 'mika');
    expect((await send('feature')).error?.code).toBe('WEBHOOK_BRANCH_REFUSED');
    const sent = await send('main');
    expect(sent.error).toBeNull();
    const [start] = await server.served.store.releases.listStarts();
    expect(start).toMatchObject({ via: 'webhook', approver: 'mika', branch: 'main', runId: sent.out[0].runId });
  }, 240_000);

  it('says what a server refused, and takes no key from the file', async () => {
    const refused = key;
    key = 'mk_00000000_none';
    expect((await mitate('deploy-pipeline', 'release.json', '--env', 'prod')).error?.code).toBe('ACCESS_KEY_INVALID');
    key = '';
    expect((await mitate('deploy-pipeline', 'release.json', '--env', 'prod')).error?.code).toBe(
      'ENVIRONMENT_KEY_MISSING',
    );
    key = refused;
    folder.write('broken.json', '{"formatVersion":1}');
    expect((await mitate('deploy-pipeline', 'broken.json', '--env', 'prod')).error?.code).toBe('RELEASE_FILE_INVALID');
  }, 240_000);
});
