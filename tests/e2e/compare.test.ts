import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Client, createClient, readAnswers } from '../../src/client/index.ts';
import type { DataDiff } from '../../src/contracts/api/data-diff.ts';
import type { RunComparison } from '../../src/contracts/api/run-comparison.ts';
import { evaluationSchema } from '../../src/contracts/artifacts/evaluation.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { runHere } from '../support/run-here.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { sourceFlags } from '../support/source-flags.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** Runs and data sets beside each other, on the command line and over HTTP. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = new ScratchFolder();
let served: ServedApp;
let client: Client;
const ids: string[] = [];

const workspace = () => served.served.folder.at('workspace');
const mitate = (...args: string[]) => runHere([...args, '--workspace', workspace()]);
const json = async <T>(...args: string[]): Promise<T> => {
  const { code, stdout, stderr } = await mitate(...args, '--json');
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
};

async function run(flags: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const args = ['run', join(root, 'tests/e2e/compared.pipeline.ts'), '--param', `images=${folder.at('photos')}`];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...sourceFlags, join(root, 'src/cli/main.ts'), ...args, ...flags, '--json', '--workspace', workspace()],
    { env: { ...process.env, MITATE_PROCESSES: '1', ...env } },
  );
  const { runId, state } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { runId: string; state: string };
  expect(state).toBe('succeeded');
  ids.push(runId);
}

beforeAll(async () => {
  served = await ServedApp.open([]);
  client = createClient({ url: served.url, key: await served.makeKey('admin') });
  const photos = await drawnPhotos(76);
  for (const { filename, bytes } of photos.slice(0, 72)) folder.write(`photos/${filename}`, bytes);
  await run(['--experiment', 'epochs', '--note', 'as few as can be']);
  await run(['--param', 'epochs=9']);
  // the data changes: four photos come, one goes, one gets another label
  for (const { filename, bytes } of photos.slice(72)) folder.write(`photos/${filename}`, bytes);
  const [gone, other] = [photos[0]!, photos[1]!];
  rmSync(folder.at(`photos/${gone.filename}`));
  rmSync(folder.at(`photos/${other.filename}`));
  folder.write(`photos/${photos[2]!.label}/other.jpg`, other.bytes);
  await run(['--param', 'epochs=9']);
  await run([], { COMPARED_TASK: 'labels' });
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('runs compare', () => {
  it('shows what differs, and the paired difference that the Evaluator measured against the same baseline', async () => {
    const compared = await json<RunComparison>('runs', 'compare', ids[0]!, 'compared@2');
    expect(compared.runs.map(({ run, model }) => [run.id, model?.version])).toEqual([
      [ids[0], 1],
      [ids[1], 2],
    ]);
    const named = Object.fromEntries(compared.parameters.map(({ name, values }) => [name, values]));
    expect(named).toMatchObject({ epochs: ['1', '9'], 'head epochs': ['1', '9'] });
    expect(Object.keys(named).filter((name) => /images|views|hidden/.test(name))).toEqual([]);
    const [before, after] = compared.runs;
    expect(after!.data).toEqual(before!.data);
    const counted = Object.values(before!.data!.counts!).flatMap((each) => Object.values(each));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(72);
    expect(after!.seconds).toBeGreaterThan(0);
    const { executions } = await client.runs.get(ids[1]!);
    const outputs = executions.flatMap((step) => step.outputs.map(({ artifact }) => artifact));
    const { uri } = outputs.find(({ type }) => type === 'ModelEvaluation')!;
    const measured = evaluationSchema.parse(JSON.parse(readFileSync(join(uri, 'evaluation.json'), 'utf8')));
    const [{ difference, ...rest }] = compared.differences as [RunComparison['differences'][0]];
    expect(rest).toMatchObject({ run: 1, photos: measured.examples, why: null });
    expect(difference!.nll.value).not.toBe(0);
    expect(difference!.nll.value).toBeCloseTo(measured.baseline!.difference.nll.value!, 6);
    expect(difference!.nll.low).toBeLessThan(difference!.nll.value!);
    expect(after!.evaluation!.metrics).toEqual(measured.metrics);
  });

  it('pairs only photos that both were tested on under one label, and predicts anew what gc took', async () => {
    const [one] = (await json<RunComparison>('runs', 'compare', ids[0]!, ids[2]!)).differences;
    rmSync(join(workspace(), 'cache'), { recursive: true, force: true });
    const [again] = (await json<RunComparison>('runs', 'compare', ids[0]!, ids[2]!)).differences;
    expect(one!.photos).toBeGreaterThan(0);
    expect(again).toEqual(one);
  });

  it('marks runs of different questions, says so in the table, and refuses what is no run', async () => {
    const compared = await client.runs.compare(ids[1]!, ids[3]!, ids[1]!);
    expect(compared.differences).toMatchObject([
      { run: 1, difference: null, why: 'other-task' },
      { run: 2, difference: { accuracy: { value: 0 } }, why: null },
    ]);
    const { stdout } = await mitate('runs', 'compare', ids[1]!, ids[3]!);
    expect(stdout).toContain('no paired difference: their models answer different questions');
    expect(await mitate('runs', 'compare', ids[1]!, 'none')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('RUN_NOT_FOUND'),
    });
    await expect(client.runs.compare(ids[1]!, 'compared@9')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expect(client.runs.compare(ids[1]!)).rejects.toMatchObject({ code: 'HTTP_REQUEST_INVALID' });
  });
});

describe('data diff', () => {
  it('tells what came, went and was relabelled between two spans, alike over HTTP', async () => {
    const [first, last] = await Promise.all(
      [ids[0]!, ids[2]!].map((id) => client.artifacts.list({ runId: id, type: 'Examples' })),
    );
    const [from, to] = [first!.items[0]!, last!.items[0]!];
    const diff = await json<DataDiff>('data', 'diff', from.id, `compared@${to.properties.span}`);
    expect([diff.from.photos, diff.to.photos]).toEqual([72, 75]);
    expect(diff.to.id).toBe(to.id);
    expect([diff.added.count, diff.removed.count, diff.relabelled.count]).toEqual([4, 1, 1]);
    expect(diff.relabelled.first[0]!.filename).toMatch(/other\.jpg$/);
    expect(diff.unchanged + diff.moved.count).toBe(70);
    expect(diff.balance.differs).toBe(false);
    expect(diff.properties.some(({ moved }) => moved)).toBe(false);
    expect(await client.datasets.diff({ from: from.id, to: to.id })).toEqual(diff);
    expect((await client.datasets.diff({ from: from.id, to: to.id, limit: 1 })).added).toMatchObject({
      count: 4,
      first: [{}],
    });
    const { stdout } = await mitate('data', 'diff', from.id, to.id);
    expect(stdout).toContain('added: 4, removed: 1, relabelled: 1');
  });

  it('measures how far a property moved, finds photos saved again, and refuses what is no data set', async () => {
    const sharp = (await import('sharp')).default;
    const photos = await drawnPhotos(24, { labels: 2, seed: 7 });
    for (const { filename, bytes } of photos) {
      folder.write(`plain/${filename}`, bytes);
      const darker = sharp(bytes).linear(0.6, 0);
      folder.write(`dark/${filename}`, await darker.jpeg().toBuffer());
    }
    for (const name of ['plain', 'dark']) await mitate('data', 'import', folder.at(name));
    const diff = await json<DataDiff>('data', 'diff', 'plain', 'dark');
    expect([diff.added.count, diff.removed.count, diff.unchanged]).toEqual([24, 24, 0]);
    const brightness = diff.properties.find(({ name }) => name === 'brightness')!;
    expect(brightness.to! / brightness.from!).toBeCloseTo(0.6, 1);
    expect(brightness.moved).toBe(true);
    expect(brightness.effect!.high).toBeLessThan(-0.2);
    expect(diff.properties.find(({ name }) => name === 'width')).toMatchObject({ effect: null, moved: false });
    expect(diff.nearDuplicates.count).toBeGreaterThan(12);
    await expect(client.datasets.diff({ from: 'plain', to: 'none@2' })).rejects.toMatchObject({
      code: 'DATA_NOT_FOUND',
    });
  });
});

describe('experiments', () => {
  it('name and note runs when they start and afterwards, on the command line and over HTTP', async () => {
    const listed = async (...flags: string[]) => {
      const { stdout } = await mitate('runs', 'list', ...flags, '--json');
      return stdout
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { id: string; note: string });
    };
    expect(await listed('--experiment', 'epochs')).toMatchObject([{ id: ids[0], note: 'as few as can be' }]);
    await mitate('runs', 'note', ids[1]!, 'better', '--experiment', 'epochs');
    expect((await listed('--experiment', 'epochs')).map(({ note }) => note)).toEqual(['better', 'as few as can be']);
    const shown = await client.runs.describe(ids[1]!, { note: null });
    expect(shown).toMatchObject({ experiment: 'epochs', note: null });
    expect((await client.runs.list({ experiment: 'epochs' })).items.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    expect((await mitate('runs', 'show', ids[0]!)).stdout).toMatch(/experiment epochs\nnote as few as can be/);
    expect((await client.audit.list()).items[0]).toMatchObject({
      action: 'run.note',
      subject: ids[1],
      details: { note: null },
    });
    await mitate('runs', 'note', ids[1]!, '--experiment', '');
    expect((await listed('--experiment', 'epochs')).map(({ id }) => id)).toEqual([ids[0]]);
  });

  it.each([
    [['runs', 'note', 'latest'], 'RUN_DESCRIPTION_EMPTY'],
    [['runs', 'note', 'latest', 'x'.repeat(2_001)], 'RUN_NOTE_TOO_LONG'],
    [['runs', 'note', 'none', 'x'], 'RUN_NOT_FOUND'],
    [['run', 'any.ts', '--experiment', 'No Name'], 'ACCESS_NAME_INVALID'],
  ])('%j is refused: %s', async (args, code) => {
    expect(await mitate(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(code) });
  });
});

describe('model versions', () => {
  it('have their evaluation, and the answer to every photo of the test split', async () => {
    const { evaluation, model, runId, blessing } = await client.models.evaluation('compared@2');
    expect({ model, runId, blessed: blessing?.blessed }).toEqual({
      model: { name: 'compared', version: 2 },
      runId: ids[1],
      blessed: true,
    });
    const { scores, truths, positive, threshold, photo } = readAnswers(await client.models.answers('compared@2'));
    expect(scores).toHaveLength(evaluation.examples);
    expect(threshold).toBe(evaluation.threshold);
    const right = scores.filter((score, i) => score >= threshold === positive?.[truths[i]!]).length;
    expect(right / scores.length).toBeCloseTo(evaluation.metrics.accuracy.value!, 9);
    expect(photo(0)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('of before the answers were kept have the same, from the cache', async () => {
    const { artifact } = await client.models.evaluation('compared@1');
    const { uri } = await client.artifacts.get(artifact);
    const written = readAnswers(await client.models.answers('compared@1'));
    rmSync(join(uri, 'answers.bin'));
    const again = readAnswers(await client.models.answers('compared@1'));
    expect({ ...again, photo: again.photo(3) }).toEqual({ ...written, photo: written.photo(3) });
  });

  it('are compared photo by photo, in pages, with who is right', async () => {
    const all = await client.models.compare({ models: 'compared@1,compared@2', photos: 'all', limit: 500 });
    const { examples } = (await client.models.evaluation('compared@1')).evaluation;
    expect(all.items).toHaveLength(examples);
    const { changed, ...groups } = all.counts;
    expect(Object.values(groups).reduce((sum, count) => sum + count, 0)).toBe(examples);
    expect(all.items.filter(({ isChanged }) => isChanged)).toHaveLength(changed);
    for (const { group, answers } of all.items) {
      const [a, b] = answers.map(({ isRight }) => isRight);
      expect(group).toBe(a ? (b ? 'both-right' : 'first-only') : b ? 'second-only' : 'both-wrong');
    }
    const page = await client.models.compare({ models: 'compared@1,compared@2', photos: 'all', limit: 2 });
    const next = { models: 'compared@1,compared@2', photos: 'all', limit: 2, cursor: page.nextCursor! } as const;
    expect([...page.items, ...(await client.models.compare(next)).items]).toEqual(all.items.slice(0, 4));
    // another task
    const none = await client.models.compare({ models: 'compared@1,compared@4' });
    expect(none).toMatchObject({ why: 'other-task', items: [] });
  });

  it('are tried on a stored photo, and that is no traffic', async () => {
    const { items } = await client.models.compare({ models: 'compared@1,compared@2', photos: 'all', limit: 1 });
    const [photo] = items;
    const { prediction } = await client.models.predict('compared@2', photo!.sha256);
    expect(prediction.label).toBe(photo!.answers[1]!.answer);
    expect(prediction.probability).toBeCloseTo(photo!.answers[1]!.probability, 5);
    const { grid, height, width } = await client.models.explain('compared@2', photo!.sha256);
    expect([grid.length, grid[0]?.length]).toEqual([height, width]);
    await expect(client.models.predict('compared@2', '0'.repeat(64))).rejects.toMatchObject({
      code: 'MODEL_PHOTO_UNKNOWN',
    });
    expect((await client.requests.list()).items).toEqual([]);
  });
});
