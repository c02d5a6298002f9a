import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createUser } from '../../src/actions/access/user.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readServerFile } from '../../src/store/workspace/server-file.ts';
import { writeSample } from '../../src/vision/sample/write-sample.ts';
import { tester } from '../support/tester.ts';
import { WorkflowIssuer } from '../support/workflow-issuer.ts';
import { parseLines, program, type RunningCommand, root, Sandbox } from './cli.ts';

/** deploy/github/ as its README says: each `run:` of the workflows in a shell, then the commands to production. Nothing here is of GitHub. */
const secret = 'a-secret-of-at-least-32-characters';
const sandbox = new Sandbox();
const commands: RunningCommand[] = [];
/** URLs, by stage. */
const servers = new Map<string, string>();
let issuer: WorkflowIssuer;
let commit: string;

const git = (...args: string[]) => execFileSync('git', args, { cwd: sandbox.path, encoding: 'utf8' }).trim();

/** What GitHub would find on its path. */
function shim(name: string, script: string): void {
  sandbox.write(`bin/${name}`, `#!/bin/bash\n${script}\n`);
  chmodSync(sandbox.at('bin', name), 0o755);
}

/** Starts `mitate up` on a workspace of its own, set to its stage, with an approver named as the reviewer's login. */
async function serve(stage: string): Promise<string> {
  const workspace = sandbox.at(stage);
  await using store = await openStore({ workspace });
  await createUser(store, { name: 'mika', password: 'correct horse battery', role: 'approver' }, tester);
  await store[Symbol.asyncDispose]();
  await sandbox.json('project', 'stage', 'default', stage, '--workspace', workspace);
  const command = sandbox.start(['up', '--port', '0', '--processes', '1', '--workspace', workspace], {
    env: {
      MITATE_RELEASE_SECRET: secret,
      MITATE_RELEASE_REPOSITORIES: 'mika/leaf',
      MITATE_RELEASE_ISSUER: issuer.url,
      MITATE_DATA_ROOTS: sandbox.path,
      MITATE_RELEASE_READS: sandbox.path,
    },
  });
  commands.push(command);
  // it listens before its file is there, and is ready after that
  await vi.waitFor(() => expect(readServerFile(workspace)).not.toBeNull(), { timeout: 120_000, interval: 200 });
  const { url } = readServerFile(workspace)!;
  servers.set(stage, url);
  return url;
}

beforeAll(async () => {
  issuer = await WorkflowIssuer.open();
  for (const folder of ['photos', 'test-photos', 'staging-photos', 'production-photos'])
    await writeSample(sandbox.at(folder), { photos: 160, seed: folder.length, signal: new AbortController().signal });
  sandbox.write('package.json', '{"type":"module","private":true}');
  // of a few photos, the interval is wide, and the second model may be a little worse
  const pipeline = readFileSync(join(root, 'examples/leaf/pipeline.ts'), 'utf8');
  const eased = pipeline
    .replace(/thresholds: .*/, 'thresholds: { auc: { min: 0.7 } },')
    .replace("default('flipped')", "default('plain')");
  sandbox.write('pipeline.ts', eased);
  cpSync(join(root, 'deploy/github'), sandbox.at('.github/workflows'), { recursive: true });
  git('init', '-q', '-b', 'main');
  git('add', 'package.json', 'pipeline.ts', '.github');
  git('-c', 'user.name=mika', '-c', 'user.email=m@example.com', 'commit', '-q', '-m', 'the pipeline');
  commit = git('rev-parse', 'HEAD');
  issuer.claims = { sha: commit };
  shim('npm', 'exit 0');
  shim('npx', `shift; exec '${process.execPath}' '${program}' "$@"`);
  shim('gh', 'case "$2" in */approvals) ;; */commits/*) echo 12 ;; */reviews) echo Mika ;; esac');
});
afterAll(async () => {
  for (const { process: child } of commands) child.kill('SIGTERM');
  await Promise.all(commands.map(({ ended }) => ended));
  await issuer[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

/** Runs the shell steps of a job, in order; each may set variables for later ones. */
async function runJob(file: string, variables: Record<string, string>): Promise<void> {
  const text = readFileSync(sandbox.at('.github/workflows', file), 'utf8');
  const steps = [...text.matchAll(/^ *(?:- )?run: (\|\n(?:(?: {10}.*)?\n)+|.+)/gm)].map(([, script]) =>
    script!.replace(/^\|\n/, ''),
  );
  const github = sandbox.at('github-env');
  sandbox.write('github-env', '');
  const { CI: _, MITATE_WORKSPACE: __, ...inherited } = process.env;
  for (const script of steps) {
    const set = Object.fromEntries(
      readFileSync(github, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(/=(.*)/s) as [string, string]),
    );
    const env = {
      ...inherited,
      PATH: `${sandbox.at('bin')}:${process.env.PATH}`,
      GITHUB_ENV: github,
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'mika/leaf',
      GITHUB_RUN_ID: '7',
      GITHUB_SHA: commit,
      GITHUB_REF_NAME: 'main',
      ...variables,
      ...set,
    };
    await new Promise<void>((done, failed) =>
      execFile('bash', ['-eo', 'pipefail', '-c', script], { cwd: sandbox.path, env }, (error, stdout, stderr) =>
        error ? failed(new Error(`${script}\n${stdout}\n${stderr}`)) : done(),
      ),
    );
  }
}

const announce = (stage: string, images: string) =>
  runJob('announce.yml', {
    ENVIRONMENT: stage,
    TO: servers.get(stage)!,
    IMAGES: sandbox.at(images),
    NAMED: '',
    MITATE_RELEASE_SECRET: secret,
    ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer.url}/token?api-version=2`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
  });

/** Waits for the newest run of the release there. */
async function settled(stage: string): Promise<string> {
  for (;;) {
    const [shown] = await sandbox.json<{ starts: { state: string }[] }>(
      'release',
      'show',
      'latest',
      '--workspace',
      sandbox.at(stage),
    );
    const state = shown!.starts[0]!.state;
    if (state !== 'queued' && state !== 'running') return state;
    await sleep(1_000);
  }
}

async function maturityOf(stage: string) {
  const answers = await sandbox.json<{ id: string; holds: boolean; evidence: string; claim: string | null }>(
    'maturity',
    '--workspace',
    sandbox.at(stage),
  );
  return new Map(answers.map((answer) => [answer.id, answer]));
}

/** At a terminal. */
function byHand(words: string, env: Record<string, string>): Promise<number> {
  const { CI: _, ...inherited } = process.env;
  const line = `'${process.execPath}' '${program}' ${words}`;
  return new Promise((done) => {
    const options = { cwd: sandbox.path, env: { ...inherited, TERM: 'xterm', ...env } };
    execFile('script', ['-qec', line, '/dev/null'], options, (error) => done(error ? Number(error.code) : 0));
  });
}

it('reach the levels that they cite, and nobody who only says so does', async () => {
  await runJob('ci.yml', { IMAGES: 'photos' });
  await serve('test');
  await announce('test', 'test-photos');
  expect(await settled('test')).toBe('succeeded');
  const test = await maturityOf('test');
  for (const id of ['L2.1', 'L2.2', 'L2.3', 'L2.7', 'L2.9', 'L2.12', 'L2.18'])
    expect([id, test.get(id)?.holds, test.get(id)?.claim]).toEqual([id, true, null]);
  expect(test.get('L2.18')!.evidence).toContain('run 7 of mika/leaf (refs/heads/main)');

  await serve('pre-production');
  await announce('pre-production', 'staging-photos');
  expect(await settled('pre-production')).toBe('succeeded');
  const before = await maturityOf('pre-production');
  expect(before.get('L2.19')).toMatchObject({ holds: true, claim: null });
  expect(before.get('L2.20')).toMatchObject({ holds: false, claim: null });

  const production = await serve('production');
  const [made] = await sandbox.json<{ key: string }>(
    'key',
    'create',
    'deploy',
    '--scope',
    'admin',
    '--workspace',
    sandbox.at('production'),
  );
  sandbox.write(
    'mitate.config.ts',
    `import { defineConfig } from 'mitate';
    export default defineConfig({ environments: {
      'pre-production': { workspace: 'pre-production', stage: 'pre-production', parameters: { images: '${sandbox.at('staging-photos')}' } },
      production: { server: '${production}', keyEnv: 'MITATE_PROD_KEY', stage: 'production',
        parameters: { images: '${sandbox.at('production-photos')}' }, after: { environment: 'pre-production', goodRuns: 2 } },
    } });`,
  );
  const env = { MITATE_WORKSPACE: sandbox.at('pre-production'), MITATE_PROD_KEY: made!.key };
  expect(await byHand('deploy-pipeline latest --env production --wait', env)).toBe(1);
  await writeSample(sandbox.at('staging-photos', 'later'), {
    photos: 40,
    seed: 99,
    signal: new AbortController().signal,
  });
  expect(await byHand('deploy-pipeline latest --env pre-production --wait', env)).toBe(0);
  expect(await byHand('deploy-pipeline latest --env production --wait', env)).toBe(0);
  const after = await maturityOf('pre-production');
  for (const id of ['L1.3', 'L1.6', 'L2.19', 'L2.20'])
    expect([id, after.get(id)?.holds, after.get(id)?.claim]).toEqual([id, true, null]);

  // the same release, by the same secret, without the workflow: a claim
  const url = servers.get('test')!;
  const args = [
    'release',
    'send',
    'release.json',
    '--to',
    url,
    '--branch',
    'main',
    '--approver',
    'mika',
    '--env',
    'test',
  ];
  const said = sandbox.start(
    [...args, '--stage', 'production', '--param', `images=${sandbox.at('test-photos')}`, '--json'],
    {
      env: { MITATE_RELEASE_SECRET: secret },
    },
  );
  const refused = await said.ended;
  expect(parseLines<{ error: { code: string } }>(refused.stderr.trim().split('\n').at(-1)!)[0]!.error.code).toBe(
    'RELEASE_STAGE_WRONG',
  );
});
