import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { writeBlessing } from '../../artifacts/blessing/files.ts';
import type { ArtifactType } from '../../contracts/artifact.ts';
import { triggerSchema } from '../../contracts/loop/trigger.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { maturity } from './maturity.ts';

const at = new Date('2026-11-20T12:00:00Z');
const digest = 'c'.repeat(64);
const now = new Date('2026-11-20T13:00:00Z');
const check = (name: string) => ({ name, passed: true, value: 1, threshold: 2 });

describe('maturity of a store', () => {
  const folder = new ScratchFolder();
  let opened: OpenStore;
  /** Of a project of its own for each test: opening one costs more than all of them. */
  let store: OpenStore;
  let n = 0;
  beforeAll(async () => {
    opened = await openStore({ workspace: folder.path });
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  beforeEach(async () => {
    n++;
    store = opened.forProject(`project-${n}`);
    await fill();
  });
  const booted = () => folder.at('artifacts', `InfraBlessing-${n}`);

  /** A run that made and judged a model, its release, how that was tested and where it went. */
  async function fill(): Promise<void> {
    const run = {
      id: `run-${n}`,
      pipeline: 'leaf',
      parameters: { images: '/p' },
      seed: 1,
      definitionDigest: digest,
      source: null,
      codeDigest: digest,
    };
    await store.createRun({ ...run, gitCommit: 'abc', who: 'mika', pid: null, trigger: 'demand', startedAt: at });
    await publish('Trainer', ['Model']);
    const model = { key: 'model', artifactId: `Model-${n}` };
    await publish('InfraValidator', ['InfraBlessing'], [model]);
    await publish('Pusher', ['PushedModel'], [model, { key: 'infra', artifactId: `InfraBlessing-${n}` }]);
    const checks = [check('milliseconds an answer')];
    await writeBlessing(booted(), { blessed: true, message: '', checks }, 'infra');
    await unaudited(store).access.createProject({ name: store.project, description: '' });
    await store.finishRun(`run-${n}`, 'succeeded', null);
    const release = {
      id: 'leaf-1',
      pipeline: 'leaf',
      definitionDigest: digest,
      codeDigest: digest,
      gitCommit: 'abc',
      parameters: {},
      runId: `run-${n}`,
    };
    await unaudited(store).releases.add(
      { ...release, bundleDigest: digest, environment: 'dev', who: 'mika', madeHere: false },
      Buffer.from('x'),
    );
    const start = {
      release: 'leaf-1',
      environment: 'test',
      who: 'webhook:mika',
      approver: 'mika',
      branch: 'main',
      place: null,
      runId: `run-${n}`,
      state: 'queued',
      stageIsSet: true,
      workflow: {
        issuer: 'i',
        repository: 'a/b',
        ref: 'refs/heads/main',
        isProtected: true,
        event: 'push',
        commit: 'abc',
        run: '1',
      },
    } as const;
    await unaudited(store).releases.recordStart({ ...start, stage: 'test', via: 'webhook' });
    await unaudited(store).releases.recordStart({
      ...start,
      stage: 'production',
      via: 'command',
      approver: null,
      branch: null,
      workflow: null,
    });
    const proof = { subject: 'leaf', codeDigest: digest, passed: true, gitCommit: null, who: 'ci' };
    const tests = [{ name: 'finite', passed: true, said: 'all' }];
    await store.releases.addProof({ ...proof, kind: 'pipeline-test', ci: 'github a/b#1', checks: tests }, 'workflow');
    const nightly = triggerSchema.parse({
      name: 'nightly',
      pipeline: 'leaf',
      when: { kind: 'schedule', cron: '0 3 * * *' },
    });
    await unaudited(store).triggers.createTrigger(nightly, { who: 'mika', at, memory: null });
  }

  async function publish(
    component: string,
    types: ArtifactType[],
    inputs: { key: string; artifactId: string }[] = [],
  ): Promise<void> {
    const step = component.toLowerCase();
    const execution = {
      id: `${step}-${n}`,
      runId: `run-${n}`,
      step,
      component,
      cacheKey: null,
      keyParts: { component: `${component}@1` },
      attempt: 1,
      startedAt: at,
    };
    await store.startExecution(execution, inputs);
    const outputs = types.map((type) => ({
      id: `${type}-${n}`,
      key: type,
      type,
      uri: folder.at('artifacts', `${type}-${n}`),
      digest,
      sizeBytes: 1,
      properties: type === 'PushedModel' ? { pushed: 1 } : {},
    }));
    for (const { uri } of outputs) await mkdir(uri, { recursive: true });
    await store.completeExecution(`${step}-${n}`, { outputs, intents: [], summary: null, who: 'mika' });
  }

  const green = async () => (await maturity(store, now)).filter(({ holds }) => holds).map(({ id }) => id);
  const sql = (text: string) => () => store.connection.pool.query(text);
  const whole = [
    'L1.1',
    'L1.3',
    'L1.6',
    'L1.12',
    'L1.15',
    'L1.16',
    'L1.17',
    'L1.18',
    'L1.22',
    'L2.1',
    'L2.2',
    'L2.3',
    'L2.10',
    'L2.13',
    'L2.18',
  ];

  it('is what it holds, of its project alone', async () => {
    expect(await green()).toEqual(whole);
    expect((await maturity(store.forProject('other'), now)).filter(({ holds }) => holds)).toEqual([]);
  });

  it.each([
    ['the pipeline test', sql("delete from proofs where kind = 'pipeline-test'"), ['L2.2', 'L2.10']],
    ['the origin of the pipeline test', sql("update proofs set origin = 'sent'"), ['L2.2', 'L2.10']],
    ['the commit of the release', sql('update releases set git_commit = null'), ['L2.1']],
    ['the arrival by webhook', sql('delete from release_starts'), ['L1.3', 'L1.6', 'L2.1', 'L2.3', 'L2.18']],
    ['the verified sender', sql('update release_starts set workflow = null'), ['L2.1', 'L2.3', 'L2.18']],
    ['the stage of the project', sql('update release_starts set stage_is_set = false'), ['L1.3', 'L1.6', 'L2.18']],
    ['the parameters', sql("update runs set parameters = '{}'"), ['L1.18']],
    ['who ran it', sql("update runs set who = ''"), ['L1.17']],
    ['the end of a step', sql("update executions set finished_at = null where step = 'trainer'"), ['L1.16']],
    ['the versions of components', sql("update executions set key_parts = '{}'"), ['L1.15']],
    ['the verdict’s files', async () => rmSync(booted(), { recursive: true }), ['L1.12', 'L2.13']],
  ])('turns red without %s', async (_what, take, expected) => {
    await take();
    const left = await green();
    expect(whole.filter((id) => !left.includes(id))).toEqual(expected);
  });

  it('shows a trigger that has started nothing as a claim', async () => {
    const schedule = (await maturity(store, now)).find(({ id }) => id === 'L1.23');
    expect(schedule).toMatchObject({
      holds: false,
      evidence: null,
      claim: expect.stringContaining('nightly is enabled'),
    });
  });
});
