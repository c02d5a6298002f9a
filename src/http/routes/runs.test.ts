import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { tester } from '../../../tests/support/tester.ts';
import { createUser } from '../../actions/access/user.ts';
import { codeOfRun } from '../../actions/runs/code-of-run.ts';
import { createClient } from '../../client/index.ts';
import { resolveConfig } from '../../config/config.ts';
import { runPipeline } from '../../orchestrator/launcher/run-pipeline.ts';

const pipeline = `
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineComponent, definePipeline, param } from 'mitate';
import { z } from 'zod';
const note = defineComponent({
  spec: { name: 'Note', version: '1', inputs: {}, outputs: { examples: { type: 'Examples' } }, parameters: z.object({ text: z.string(), folder: z.string() }) },
  run: async ({ outputs, parameters, logger, progress }) => {
    for (let i = 1; i <= 1200; i++) logger.info('line ' + i);
    logger.warn('odd', { text: parameters.text });
    for (const from = process.cpuUsage(); process.cpuUsage(from).user < 300_000; );
    progress(7, 7, 'photos');
    await writeFile(join(outputs.examples, 'text'), parameters.text);
    return { summary: 'noted' };
  },
});
const count = defineComponent({
  spec: { name: 'Count', version: '1', inputs: { examples: { type: 'Examples' } }, outputs: { statistics: { type: 'ExampleStatistics' } }, parameters: z.object({ unit: z.string() }) },
  run: async ({ outputs, parameters }) => {
    if (parameters.unit === 'bad') throw new Error('no such unit');
    await writeFile(join(outputs.statistics, 'count'), '1');
    return {};
  },
});
export default definePipeline('notes', {
  text: param.string().describe('What to note'),
  folder: param.uri().default('./photos'),
  unit: param.choice('letters', 'lines', 'bad').default('letters'),
}, ({ text, folder, unit }) => {
  const { examples } = note({ text, folder });
  count({ examples, unit });
});
`;

const folder = new ScratchFolder();
const file = folder.at('pipelines/notes.ts');
let served: ServedApp;
const runs: string[] = [];

const start = async (parameters: Record<string, string>) => {
  const { store } = served.served;
  const workspace = served.served.folder.at('workspace');
  const config = resolveConfig({ flags: { workspace }, env: {}, cwd: '/', isTty: false });
  // as a worker does
  await using program = await codeOfRun(config, store, file);
  const summary = await runPipeline(program, {
    store,
    workspace,
    processes: 1,
    source: file,
    parameters,
  });
  runs.push(summary.runId);
  return summary;
};

beforeAll(async () => {
  mkdirSync(folder.at('pipelines'));
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), folder.at('node_modules'));
  writeFileSync(file, pipeline);
  writeFileSync(folder.at('pipelines/fresh.ts'), pipeline.replaceAll("'notes'", "'fresh'"));
  writeFileSync(folder.at('pipelines/tool.ts'), 'export const tool = 1;');
  served = await ServedApp.open([], { env: { MITATE_PIPELINES: folder.at('pipelines') } });
  await createUser(served.served.store, { name: 'viewer', password, role: 'viewer' }, tester);
  await start({ text: 'one' });
  await start({ text: 'one', unit: 'lines' });
  await start({ text: 'one', unit: 'bad' });
}, 60_000);
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const password = 'correct horse battery';
const operator = async () => createClient({ url: served.url, key: await served.makeKey('operate') });
/** Signed in as somebody who may only look. */
let token: Promise<string> | undefined;
const viewer = async () => {
  token ??= createClient({ url: served.url })
    .sessions.signIn('viewer', password)
    .then((session) => session.token);
  return createClient({ url: served.url, key: await token });
};

describe('a run as a graph', () => {
  it('says what each step cost, how many photos it went through, and why it ran', async () => {
    const { steps, edges } = await (await viewer()).runs.graph(runs[0]!);
    expect(edges).toEqual([{ producer: 'note', output: 'examples', consumer: 'count', input: 'examples' }]);
    expect(steps.map(({ step, state }) => [step, state])).toEqual([
      ['note', 'succeeded'],
      ['count', 'succeeded'],
    ]);
    const [note] = steps;
    expect(note).toMatchObject({
      attempts: 1,
      summary: 'noted',
      explanation: { outcome: 'first' },
      savedSeconds: null,
    });
    // the component used 0.3 s of CPU time
    expect(note?.usage?.cpuSeconds).toBeGreaterThan(0.25);
    expect(note?.usage?.peakMemoryBytes).toBeGreaterThan(20e6);
    expect(note?.usage?.photos).toBe(7);
  });

  it('says which part of the key changed, and what the cache saved', async () => {
    const { steps } = await (await viewer()).runs.graph(runs[1]!);
    const [note, count] = steps;
    expect(note).toMatchObject({ state: 'cached', usage: null, summary: 'noted', explanation: { outcome: 'hit' } });
    expect(note?.cachedFrom?.runId).toBe(runs[0]);
    expect(note?.savedSeconds).toBeGreaterThan(0.25);
    expect(count?.explanation).toMatchObject({
      outcome: 'changed',
      changes: [{ part: 'parameter.unit', before: '"letters"', after: '"lines"' }],
    });
  });

  it('has the steps of a run that was made before definitions were kept', async () => {
    const { store } = served.served;
    await store.connection.pool.query('update runs set definition_digest = $1 where id = $2', ['older', runs[0]]);
    const { steps, edges } = await (await viewer()).runs.graph(runs[0]!);
    expect(steps.map(({ step }) => step)).toEqual(['note', 'count']);
    expect(edges).toEqual([{ producer: 'note', output: 'examples', consumer: 'count', input: 'examples' }]);
  });
});

describe('the log of a step', () => {
  it('comes in windows, from any line and from the end', async () => {
    const { runs: api } = await viewer();
    const middle = await api.log(runs[0]!, 'note', { after: 601, limit: 3 });
    // the first line is why the step ran
    expect(middle).toMatchObject({ total: 1202, isOpen: false });
    expect(middle.lines.map(({ line, message }) => [line, message])).toEqual([
      [602, 'line 601'],
      [603, 'line 602'],
      [604, 'line 603'],
    ]);
    const { lines } = await api.log(runs[0]!, 'note', { last: 2 });
    expect(lines.map(({ line }) => line)).toEqual([1201, 1202]);
    const { total, lines: odd } = await api.log(runs[0]!, 'note', { level: 'warn' });
    expect(total).toBe(1);
    expect(odd[0]).toMatchObject({ line: 1, level: 'warn', message: 'odd', fields: { text: 'one' } });
    const beyond = await api.log(runs[0]!, 'note', { after: 5_000 });
    expect(beyond).toMatchObject({ total: 1202, lines: [] });
  });

  it('of a step that the run does not have is not found, whatever its name', async () => {
    const { runs: api } = await viewer();
    for (const step of ['nothing', '../note', '..%2f..%2fworkspace'])
      await expect(api.log(runs[0]!, step)).rejects.toMatchObject({ code: 'RUN_STEP_UNKNOWN' });
  });
});

describe('pipelines', () => {
  it('lists those that ran, and files that did not', async () => {
    const found = await (await viewer()).pipelines.list();
    expect(found.map(({ pipeline, file, runs, isStartable }) => ({ pipeline, file, runs, isStartable }))).toEqual([
      { pipeline: 'notes', file: 'notes.ts', runs: 3, isStartable: true },
      { pipeline: 'fresh.ts', file: 'fresh.ts', runs: 0, isStartable: true },
    ]);
    expect(found[0]?.lastRun).toMatchObject({ id: runs[2], state: 'failed' });
  });

  it('executes no code for a viewer, nor for a page of another site', async () => {
    await expect((await viewer()).pipelines.graph('fresh.ts')).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    const headers = { 'x-api-key': await served.makeKey('operate'), 'sec-fetch-site': 'cross-site' };
    const answer = await served.ask('GET', '/api/v1/pipelines/fresh.ts/graph', { headers });
    expect(answer.json().error.code).toBe('ACCESS_CROSS_SITE');
  });

  it.each(['notes', 'fresh.ts'])('gives the parameters and steps of %s', async (pipeline) => {
    const by = pipeline === 'notes' ? await viewer() : await operator();
    const { name, parameters, steps, edges } = await by.pipelines.graph(pipeline);
    expect(name).toBe(pipeline.replace('.ts', ''));
    expect(steps).toEqual([
      { step: 'note', component: 'Note' },
      { step: 'count', component: 'Count' },
    ]);
    expect(edges).toHaveLength(1);
    expect(parameters).toEqual([
      { name: 'text', type: 'string', isRequired: true, default: null, choices: null, description: 'What to note' },
      { name: 'folder', type: 'uri', isRequired: false, default: './photos', choices: null, description: null },
      {
        ...{ name: 'unit', type: 'string', isRequired: false, default: 'letters' },
        ...{ choices: ['letters', 'lines', 'bad'], description: null },
      },
    ]);
  });

  it('that is no pipeline, or outside of the folder, is refused', async () => {
    const { pipelines } = await operator();
    await expect(pipelines.graph('tool.ts')).rejects.toMatchObject({ code: 'PIPELINE_FILE_INVALID' });
    await expect(pipelines.graph('../../etc/passwd.ts')).rejects.toMatchObject({ code: 'RUN_PIPELINE_OUTSIDE' });
    await expect(pipelines.graph('roses')).rejects.toMatchObject({ code: 'RUN_PIPELINE_UNKNOWN' });
  });
});

describe('retrying over HTTP', () => {
  it('queues the same file, parameters and seed; without the right to operate it is refused', async () => {
    const order = await (await operator()).runs.retry(runs[2]!);
    const { seed } = (await (await viewer()).runs.get(runs[2]!)).run;
    expect(order).toMatchObject({ source: file, trigger: 'retry', seed, state: 'queued', isConfined: true });
    expect(order.parameters).toEqual({ text: 'one', unit: 'bad', folder: folder.at('pipelines/photos') });
    await expect((await viewer()).runs.retry(runs[2]!)).rejects.toMatchObject({ status: 403 });
    await expect((await operator()).runs.retry('nothing')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});
