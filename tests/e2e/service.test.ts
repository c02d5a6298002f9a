import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Relabelled } from '../../src/actions/datasets/relabel.ts';
import type { SuspiciousLabel, SuspiciousLabels } from '../../src/actions/datasets/suspicious.ts';
import type { ModelDetails } from '../../src/actions/endpoints/model.ts';
import type { PredictedRow } from '../../src/actions/models/predict.ts';
import type { RunDetails } from '../../src/actions/runs/runs.ts';
import type { Garbage } from '../../src/actions/workspace/gc.ts';
import type { Evaluation } from '../../src/contracts/artifacts/evaluation.ts';
import type { Statistics } from '../../src/contracts/artifacts/statistics.ts';
import type { ModelVersion } from '../../src/contracts/model.ts';
import type { RunRecord } from '../../src/contracts/run.ts';
import type { Lineage } from '../../src/orchestrator/lineage.ts';
import type { RunSummary } from '../../src/orchestrator/summary.ts';
import { errorOf, Sandbox } from './cli.ts';

vi.setConfig({ testTimeout: 300_000 });

/** The life of a model, from `mitate init` to a restored backup, in one project. */
const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

const run = async (...args: string[]) => (await sandbox.json<RunSummary>('run', ...args))[0]!;
const artifact = ({ steps }: RunSummary, key: string) =>
  steps.map(({ artifacts }) => artifacts[key]).find((each) => each !== undefined)!;
const trained = ['pipeline.ts', '--param', 'images=photos'];
const photo = () => `photos/elm_blight/${readdirSync(sandbox.at('photos/elm_blight')).sort()[0]}`;

let first: RunSummary;

beforeAll(async () => {
  const [made] = await sandbox.json<{ files: string[] }>('init', '.');
  expect(made!.files).toEqual(['.gitignore', 'README.md', 'package.json', 'pipeline.ts', 'tsconfig.json']);
  await sandbox.json('data', 'sample', 'photos', '--photos', '120', '--size', '128');
  const pipeline = readFileSync(sandbox.at('pipeline.ts'), 'utf8');
  // 120 small photos are too few for the pipeline's own 0.95; a small head is trained in a second
  writeFileSync(sandbox.at('pipeline.ts'), edited(pipeline, 'min: 0.5, change: -1', 16));
  writeFileSync(sandbox.at('strict.ts'), edited(pipeline, 'min: 1', 16));
  writeFileSync(sandbox.at('second.ts'), edited(pipeline, 'min: 0.5, change: -1', 17));
  first = await run(...trained);
}, 300_000);

function edited(pipeline: string, auc: string, epochs: number): string {
  const edits = {
    'minLower: 0.9, change: -0.005': auc,
    "head: { kind: 'ridge' }": `head: { hidden: 32, epochs: ${epochs}, minSteps: 0 }`,
    "default('flipped')": "default('plain')",
  };
  return Object.entries(edits).reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, pipeline);
}

describe('mitate run', () => {
  it('goes from photos to a blessed, registered model, in a project without node_modules', () => {
    expect(first).toMatchObject({ state: 'succeeded', blessed: true, error: null });
    expect(first.pushed).toMatchObject([
      { step: 'pusher', modelName: 'leaf-health', version: 1, endpoint: 'leaf-health', promotion: null },
    ]);
    expect(first.pushed[0]!.deployments).toMatchObject([{ version: 1, role: 'stable', traffic: 100 }]);
    expect(first.steps).toHaveLength(10);
    for (const step of first.steps) expect(step).toMatchObject({ state: 'succeeded', error: null });
  });

  it('takes everything from the cache when nothing changed, in plain lines where there is no terminal', async () => {
    const { code, stdout, stderr } = await sandbox.mitate('run', ...trained, '--explain', '--require-blessing');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Finished in .*\nBlessed\.\n(The test split is small: .+\n)?(Suspicious labels in the test split: .+\n.+\n)?Registered leaf-health@1\. The endpoint leaf-health serves it\.\nReport: /,
    );
    expect(stderr).not.toContain('\u001b');
    for (const { name } of first.steps.filter((step) => step.name !== 'resolver'))
      expect(stderr).toMatch(new RegExp(`cached +${name} `));
    expect(stderr).toContain('trainer: cached: nothing changed');
  });

  it('exits with 3 under --require-blessing when the model is not blessed, and says why; else with 0', async () => {
    const { code, stdout, stderr } = await sandbox.mitate(
      'run',
      'strict.ts',
      ...trained.slice(1),
      '--require-blessing',
    );
    expect(code).toBe(3);
    expect(stdout).toContain('Not blessed: nothing was pushed.');
    expect(stderr).toMatch(/auc at least 1, got 0\.\d+/);
    expect((await sandbox.mitate('run', 'strict.ts', ...trained.slice(1))).code).toBe(0);
    expect(await sandbox.json('models')).toMatchObject([{ name: 'leaf-health', versions: 1 }]);
  });
});

describe('mitate data suspicious', () => {
  it('lists every suspicious label with its file; one that is corrected is right in the next run', async () => {
    const path = `${artifact(first, 'evaluation').uri}/evaluation.json`;
    const { suspiciousLabels }: Evaluation = JSON.parse(readFileSync(path, 'utf8'));
    const [{ found, examined }] = (await sandbox.json<SuspiciousLabels>('data', 'suspicious')) as [SuspiciousLabels];
    expect(examined).toBe(120);
    expect(found.map(({ sha256 }) => sha256)).toEqual(suspiciousLabels!.found.map(({ sha256 }) => sha256));
    for (const { file, label } of found) expect(file).toMatch(new RegExp(`/photos/${label}/[^/]+\\.jpg$`));
    const [of] = await sandbox.json<SuspiciousLabels>('data', 'suspicious', 'leaf-health@1', '--split', 'test');
    expect(of!.found).toEqual(found.filter(({ split }) => split === 'test'));

    const [{ sha256, label, suggested }] = found as [SuspiciousLabel];
    const [made] = await sandbox.json<Relabelled>('data', 'relabel', sha256.slice(0, 12), suggested);
    expect(made).toMatchObject({ file: sandbox.at('corrections.jsonl'), isRead: true });
    expect((await sandbox.json<SuspiciousLabels>('data', 'suspicious'))[0]!.found[0]).toMatchObject({
      sha256,
      label,
      corrected: suggested,
    });
    // for the tests below, and as a check: without corrections, everything comes from the cache again
    expect((await sandbox.json<Relabelled>('data', 'relabel', sha256, label))[0]!.changed).toHaveLength(1);
  });
});

describe('mitate predict, explain, evaluate', () => {
  it('prints one object a line with the documented fields', async () => {
    const rows = await sandbox.json<PredictedRow>('predict', photo(), 'photos/oak_healthy', '--model', 'leaf-health@1');
    expect(rows).toHaveLength(13);
    for (const row of rows) {
      if ('error' in row) throw new Error(row.error.message);
      expect(Object.keys(row)).toEqual([
        'file',
        'label',
        'probability',
        'positiveProbability',
        'threshold',
        'probabilities',
        'classes',
        'outOfDistribution',
        'quality',
        'model',
      ]);
      expect(row.model).toEqual({ name: 'leaf-health', version: 1 });
      expect(Object.keys(row.probabilities)).toEqual(['unwell', 'healthy']);
      expect(row.probability).toBe(row.probabilities[row.label]);
      expect(row.positiveProbability).toBe(row.probabilities.unwell);
      expect(['unwell', 'healthy']).toContain(row.label);
      const sum = (values: Record<string, number>) => Object.values(values).reduce((total, p) => total + p, 0);
      expect(sum(row.probabilities)).toBeCloseTo(1, 5);
      expect(Object.keys(row.classes!)).toHaveLength(10);
      expect(sum(row.classes!)).toBeCloseTo(1, 5);
      const healthy = Object.entries(row.classes!).filter(([name]) => name.endsWith('healthy'));
      expect(sum(Object.fromEntries(healthy))).toBeCloseTo(row.probabilities.healthy!, 5);
    }
    expect(rows[0]).toMatchObject({ file: photo() });
    expect(rows[1]).toMatchObject({ file: expect.stringMatching(/^photos\/oak_healthy\/\d+\.jpg$/) });
  });

  it('says it to people as a percentage', async () => {
    const { code, stdout } = await sandbox.mitate('predict', photo());
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^\d+\.\d\d % (unwell|healthy)( \(by the model's threshold\))?, most likely \w+ \(\d+\.\d\d %\)(; unlike the training photos)? +photos\/elm_blight\/\d+\.jpg\n$/,
    );
  });

  it('writes the heat map as a PNG of the photo', async () => {
    const [explained] = await sandbox.json<{ completenessError: number }>('explain', photo(), '-o', 'heat.png');
    expect(explained!.completenessError).toBeLessThan(0.1);
    expect(await sharp(sandbox.at('heat.png')).metadata()).toMatchObject({ format: 'png', width: 128, height: 128 });
  });

  it('measures a registered model on other photos, and registers nothing', async () => {
    await sandbox.json('data', 'sample', 'others', '--photos', '50', '--size', '128', '--seed', '8');
    const [found] = await sandbox.json<Evaluation>('evaluate', '--model', 'leaf-health', '--images', 'others');
    expect(found).toMatchObject({ model: { name: 'leaf-health', version: 1 }, examples: 50 });
    const { value, low, high } = found!.metrics.auc;
    expect([low! <= value!, value! <= high!, value! > 0.5]).toEqual([true, true, true]);
    expect(readFileSync(sandbox.at('evaluation/report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
    expect(JSON.parse(readFileSync(sandbox.at('evaluation/evaluation.json'), 'utf8'))).toMatchObject({ examples: 50 });
  });
});

describe('mitate lineage', () => {
  it('traces a model, an artifact by id and by folder, and a photo', async () => {
    const trace = async (subject: string) => (await sandbox.json<Lineage>('lineage', subject))[0]!;
    const model = artifact(first, 'model');
    for (const subject of ['leaf-health@1', model.id, model.uri]) {
      const { artifacts, runs } = await trace(subject);
      expect(artifacts.find(({ relation }) => relation === 'subject')).toMatchObject({ id: model.id });
      const ancestors = artifacts.filter(({ relation }) => relation === 'ancestor').map(({ type }) => type);
      expect(ancestors).toEqual(expect.arrayContaining(['Examples', 'TransformGraph']));
      expect(runs.map(({ id }) => id)).toContain(first.runId);
    }
    const { subject, models } = await trace(photo());
    expect(subject).toMatchObject({ kind: 'photo' });
    expect(models.map(({ version }) => version)).toContain(1);
  });

  it('answers what it does not know with an error', async () => {
    const { code, stderr } = await sandbox.mitate('lineage', 'nothing-of-the-kind');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[A-Z_]+: .*nothing-of-the-kind.*\nremedy: /);
  });
});

describe('mitate runs', () => {
  it('lists, shows and retries', async () => {
    const runs = await sandbox.json<RunRecord>('runs', 'list', '--pipeline', 'leaf-health', '--limit', '3');
    expect(runs).toHaveLength(3);
    const [details] = await sandbox.json<RunDetails>('runs', 'show', first.runId);
    expect(details!.executions.map(({ step }) => step).sort()).toEqual(first.steps.map(({ name }) => name).sort());
    const { code, stdout } = await sandbox.mitate('runs', 'show', 'latest');
    expect(code).toBe(0);
    expect(stdout).toContain('STEP');
    const [again] = await sandbox.json<RunSummary>('runs', 'retry', first.runId);
    expect(again).toMatchObject({ state: 'succeeded', pushed: [{ version: 1 }] });
    expect(artifact(again!, 'model').id).toBe(artifact(first, 'model').id);
  });
});

describe('mitate data', () => {
  it('imports, tells statistics and exports as folders and as TFRecord', async () => {
    const [imported] = await sandbox.json<{ run: RunSummary; statistics: Statistics }>('data', 'import', 'others');
    expect(imported!.run.state).toBe('succeeded');
    const [statistics] = await sandbox.json('data', 'stats', 'others');
    expect(statistics).toEqual(imported!.statistics);
    await sandbox.json('data', 'export', 'others', '-o', 'as-folders');
    await sandbox.json('data', 'export', 'others', '-o', 'as-records', '--format', 'tfrecord');
    expect(readdirSync(sandbox.at('as-records')).sort()).toEqual(['Split-eval', 'Split-test', 'Split-train']);
    const [back] = await sandbox.json<{ statistics: Statistics }>('data', 'import', 'as-records', '--name', 'back');
    expect(back!.statistics.rejected.count).toBe(0);
    expect(readdirSync(sandbox.at('as-folders'))).not.toEqual([]);
  });
});

describe('mitate gc, backup, restore', () => {
  it('lists first, deletes on --yes, and what is kept still works', async () => {
    const collect = async (...flags: string[]) => (await sandbox.json<Garbage>('gc', '--keep-runs', '1', ...flags))[0]!;
    const planned = await collect();
    expect(planned).toMatchObject({ deleted: false });
    expect(planned.artifacts.length).toBeGreaterThan(0);
    for (const { uri } of planned.artifacts) expect(existsSync(uri)).toBe(true);
    const done = await collect('--yes');
    expect(done.artifacts.map(({ id }) => id)).toEqual(planned.artifacts.map(({ id }) => id));
    for (const { uri } of planned.artifacts) expect(existsSync(uri)).toBe(false);
    expect(await collect()).toMatchObject({ artifacts: [], folders: [], sizeBytes: 0 });
    expect(await sandbox.json('predict', photo(), '--model', 'leaf-health@1')).toHaveLength(1);
  });

  it('restores a backup elsewhere, with the same answers', async () => {
    const before = await sandbox.json('predict', photo());
    await sandbox.json('backup', 'kept/backup.tar.gz');
    const elsewhere = ['--workspace', 'elsewhere'];
    const foreign = await sandbox.mitate('restore', 'kept/backup.tar.gz', ...elsewhere);
    expect(foreign).toMatchObject({ code: 1, stderr: expect.stringMatching(/^BACKUP_FOREIGN: /) });
    await sandbox.json('restore', 'kept/backup.tar.gz', '--from-elsewhere', ...elsewhere);
    expect(await sandbox.json('predict', photo(), ...elsewhere)).toEqual(before);
    const again = await sandbox.mitate('restore', 'kept/backup.tar.gz', '--from-elsewhere', ...elsewhere);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/^WORKSPACE_NOT_EMPTY: /) });
    const report = (await sandbox.json<RunSummary>('run', ...trained, ...elsewhere))[0]!;
    expect(report.steps.filter(({ state }) => state === 'cached')).toHaveLength(9);
  });
});

describe('mitate model', () => {
  it('makes a second version the challenger; promotes it, rolls back, and remembers who was champion when', async () => {
    // was MODEL_NOT_FOUND, of a reference that nobody gave
    for (const noun of ['model', 'endpoint'])
      expect(errorOf(await sandbox.mitate(noun, 'promote', 'leaf-health', '--json')).code).toBe('MODEL_NO_CHALLENGER');
    const { pushed } = await run('second.ts', ...trained.slice(1));
    expect(pushed).toMatchObject([{ version: 2, deployments: [{ version: 1, role: 'stable', traffic: 100 }] }]);
    const show = async () => (await sandbox.json<ModelDetails>('model', 'show', 'leaf-health@2'))[0]!;
    expect((await show()).version).toMatchObject({ version: 2, aliases: ['challenger'] });
    const before = new Date();
    await sandbox.json<ModelVersion>('model', 'promote', 'leaf-health', '--why', 'sharper on oaks');
    const { version, timeline, deployments } = await show();
    expect(version.aliases).toContain('champion');
    const champion = timeline.find(({ alias }) => alias === 'champion');
    expect(champion).toMatchObject({ version: 2, why: 'sharper on oaks' });
    expect(deployments).toMatchObject([{ endpoint: 'leaf-health', version: 2, role: 'stable', traffic: 100 }]);
    expect(await sandbox.json('model', 'rollback', 'leaf-health')).toMatchObject([{ version: 1 }]);
    expect(await sandbox.json('model', 'at', 'leaf-health', before.toISOString())).toMatchObject([{ version: 1 }]);
    expect(await sandbox.json('predict', photo(), '--model', 'leaf-health@champion')).toMatchObject([
      { model: { version: 1 } },
    ]);
    const { code, stdout } = await sandbox.mitate('model', 'show', 'leaf-health');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^leaf-health@1 {2}10 labels, backbone (efficientnet-lite0|mobilenet-v2)\n/);
    // the pipeline of "mitate init" asks for int8
    expect(stdout).toMatch(
      /\nprecision: (int8, weights of [78] bits \(1|float32, not int8: its predictions differ too much)/,
    );
  });

  it('validates a registered model', async () => {
    const [blessing] = await sandbox.json('model', 'validate', 'leaf-health');
    expect(blessing).toMatchObject({ blessed: true });
  });
});

it('mitate doctor finds everything in order', async () => {
  const findings = await sandbox.json<{ what: string; ok: boolean; said: string }>('doctor');
  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining(['database', 'inference']));
});
