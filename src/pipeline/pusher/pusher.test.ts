import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifactAt, runComponent } from '../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { type BlessingKind, writeBlessing } from '../../artifacts/blessing/files.ts';
import type { Artifact } from '../../contracts/artifact.ts';
import { run as resolve } from '../resolver/run.ts';
import { resolverSpec } from '../resolver/spec.ts';
import { run } from './run.ts';
import { pusherSpec } from './spec.ts';

const nothing = { value: null, low: null, high: null };
const metric = (value: number) => ({ value, low: value, high: value });
const absent = {
  prAuc: nothing,
  balancedAccuracy: nothing,
  precision: nothing,
  recall: nothing,
  f1: nothing,
  brier: nothing,
  nll: nothing,
  ece: nothing,
};

function evaluationIn(folder: string): Artifact {
  const uri = join(folder, 'evaluation');
  mkdirSync(uri, { recursive: true });
  const evaluation = {
    modelDigest: 'a'.repeat(64),
    baselineDigest: null,
    examples: 263,
    groups: 260,
    groupBy: 'near-duplicate',
    labels: ['healthy', 'rust'],
    task: { kind: 'multiclass' },
    threshold: 0.5,
    metrics: { ...absent, auc: metric(0.998), accuracy: metric(0.97) },
    headMetrics: { ...absent, auc: nothing, accuracy: metric(0.94) },
    eceFloor: 0.01,
    reliability: [],
    confusion: [
      [1, 0],
      [0, 1],
    ],
    slices: [],
    baseline: null,
    mistakes: [],
    suspiciousLabels: null,
  };
  writeFileSync(join(uri, 'evaluation.json'), JSON.stringify(evaluation));
  return artifactAt('ModelEvaluation', uri);
}

async function verdict(folder: string, kind: BlessingKind, blessed: boolean): Promise<Artifact> {
  const uri = join(folder, kind);
  mkdirSync(uri, { recursive: true });
  await writeBlessing(uri, { blessed, message: blessed ? 'all held' : 'auc is 0.71, below 0.95', checks: [] }, kind);
  return artifactAt(kind === 'model' ? 'ModelBlessing' : 'InfraBlessing', uri);
}

async function pushed(folder: string, inputs: Record<string, Artifact | undefined>, parameters = {}) {
  const model = artifactAt('Model', join(folder, 'model'));
  const ran = await runComponent(pusherSpec, run, folder, {
    inputs: { model, ...inputs },
    parameters: { modelName: 'leaf-health', ...parameters },
  });
  const pointer = JSON.parse(readFileSync(join(ran.outputs.pushedModel!, 'pushed.json'), 'utf8'));
  return { ...ran, pointer };
}

describe('Pusher', () => {
  it('requests version, endpoint and copy when both verdicts are positive, with the metrics', async () => {
    using folder = temporaryFolder();
    const inputs = {
      blessing: await verdict(folder.path, 'model', true),
      infraBlessing: await verdict(folder.path, 'infra', true),
      evaluation: evaluationIn(folder.path),
    };
    const { result, pointer } = await pushed(folder.path, inputs, { endpoint: 'leaf-health', destination: 'models' });
    expect(result.intents).toEqual([
      {
        kind: 'push-model',
        modelName: 'leaf-health',
        input: 'model',
        output: 'pushedModel',
        endpoint: 'leaf-health',
        destination: 'models',
        blessed: true,
        metrics: { auc: 0.998, accuracy: 0.97, 'head.accuracy': 0.94, examples: 263 },
      },
    ]);
    expect(result.properties).toMatchObject({ pushedModel: { pushed: 1 } });
    expect(pointer).toMatchObject({ pushed: true, modelName: 'leaf-health' });
  });

  it.each([
    'model',
    'infra',
  ] as const)('pushes nothing when the %s verdict is negative, and says why', async (negative) => {
    using folder = temporaryFolder();
    const inputs = {
      blessing: await verdict(folder.path, 'model', negative !== 'model'),
      infraBlessing: await verdict(folder.path, 'infra', negative !== 'infra'),
    };
    const { result, pointer } = await pushed(folder.path, inputs);
    expect(result.intents).toBeUndefined();
    expect(result.properties).toMatchObject({ pushedModel: { pushed: 0 } });
    expect(result.summary).toContain('auc is 0.71, below 0.95');
    expect(pointer).toMatchObject({ pushed: false, why: expect.stringContaining(negative) });
  });

  it('treats a wired verdict that was never given as negative', async () => {
    using folder = temporaryFolder();
    const { result } = await pushed(folder.path, { blessing: undefined });
    expect(result.summary).toBe('not pushed: model: no verdict was given');
  });

  it('pushes without a verdict when none is wired, and does not mark the version as blessed', async () => {
    using folder = temporaryFolder();
    const { result } = await pushed(folder.path, {});
    expect(result.intents).toMatchObject([{ kind: 'push-model', blessed: false, metrics: {} }]);
  });

  it('fails on a verdict that cannot be read', async () => {
    using folder = temporaryFolder();
    const blessing = await verdict(folder.path, 'model', true);
    writeFileSync(join(blessing.uri, 'NOT_BLESSED'), '');
    await expect(pushed(folder.path, { blessing })).rejects.toMatchObject({ code: 'BLESSING_UNREADABLE' });
    rmSync(join(blessing.uri, 'BLESSED'));
    await expect(pushed(folder.path, { blessing })).rejects.toMatchObject({ code: 'BLESSING_UNREADABLE' });
  });

  it('passes the promotion policy on unchanged, and only for an endpoint', async () => {
    using folder = temporaryFolder();
    const promotion = { canary: { steps: [5, 50] } };
    const { result } = await pushed(folder.path, {}, { endpoint: 'leaf', promotion });
    expect(result.intents).toMatchObject([
      { promotion: { canary: { steps: [5, 50], requestsAStep: 200 }, replay: { requests: 500 }, alpha: 0.05 } },
    ]);
    expect(pusherSpec.parameters.safeParse({ modelName: 'leaf', promotion }).error!.message).toContain(
      'needs an endpoint',
    );
  });

  it('rejects names that could leave the registry', () => {
    for (const modelName of ['', '../x', 'Leaf', 'a/b'])
      expect(pusherSpec.parameters.safeParse({ modelName }).success).toBe(false);
  });
});

describe('Resolver', () => {
  it('requests a model and always runs', async () => {
    using folder = temporaryFolder();
    const parameters = { modelName: 'leaf-health', strategy: 'champion' as const };
    const { result } = await runComponent(resolverSpec, resolve, folder.path, { parameters });
    expect(result.intents).toEqual([
      { kind: 'resolve-model', strategy: 'champion', modelName: 'leaf-health', output: 'model' },
    ]);
    expect(resolverSpec.cacheable).toBe(false);
  });
});
