import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ComponentSpec, RunContext } from '../../contracts/component.ts';
import { sha256 } from '../../contracts/digest.ts';
import { MitateError } from '../../errors/index.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { resolver } from '../components.ts';
import { defineComponent } from '../define/component.ts';
import { definePipeline } from '../define/define-pipeline.ts';
import { param } from '../define/parameter.ts';
import type { RunEvent } from '../events.ts';
import type { RunSummary } from '../summary.ts';
import type { RunOptions } from './run-options.ts';
import { runPipeline } from './run-pipeline.ts';

const workspace = mkdtempSync(join(tmpdir(), 'mitate-launcher-'));
let store: OpenStore;
beforeAll(async () => {
  store = await openStore({ workspace });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(workspace, { recursive: true, force: true });
});

/** Reads a text file: its content goes into the key by fingerprint. */
const reader = defineComponent({
  spec: {
    name: 'Reader',
    version: '1',
    inputs: {},
    outputs: { examples: { type: 'Examples' } },
    parameters: z.object({ file: z.string() }),
  },
  fingerprint: async ({ file }) => sha256(await readFile(file)),
  async run({ parameters, outputs, progress }) {
    await writeFile(join(outputs.examples, 'text'), await readFile(parameters.file));
    progress(1, 1, 'files');
    return { properties: { examples: { span: 1 } }, summary: 'one file read' };
  },
});

const counterSpec = {
  name: 'Counter',
  version: '1',
  inputs: {
    examples: { type: 'Examples' },
    extra: { type: 'Model', optional: true },
    previous: { type: 'ExampleStatistics', optional: true, history: { key: 'statistics' } },
  },
  outputs: { statistics: { type: 'ExampleStatistics' } },
  parameters: z.object({ unit: z.enum(['letters', 'lines']).default('letters') }),
  sameAsAbsent: ['extra', 'examples'],
} as const satisfies ComponentSpec;

/** Counts, and tells what the execution before counted. */
const counter = defineComponent({
  spec: counterSpec,
  async run({ inputs, outputs, parameters }) {
    const text = await readFile(join(inputs.examples.uri, 'text'), 'utf8');
    const count = parameters.unit === 'letters' ? text.length : text.split('\n').length;
    const before = inputs.previous ? readFileSync(join(inputs.previous.uri, 'count'), 'utf8') : 'none';
    await writeFile(join(outputs.statistics, 'count'), String(count));
    return { summary: `${count}, before ${before.split(' ')[0]}` };
  },
});

const log: string[] = [];
/** Does what its `mode` says. */
const actor = (mode: (context: RunContext) => Promise<void> | void) =>
  defineComponent({
    spec: {
      name: 'Actor',
      version: '1',
      inputs: { examples: { type: 'Examples', optional: true } },
      outputs: { schema: { type: 'Schema' } },
      parameters: z.object({ tag: z.string().default('') }),
      cacheable: false,
    },
    async run(context) {
      log.push(`start ${context.parameters.tag}`);
      await mode(context as unknown as RunContext);
      await writeFile(join(context.outputs.schema, 'done'), '');
      log.push(`end ${context.parameters.tag}`);
      return {};
    },
  });

const file = join(workspace, 'input.txt');
const count = (name: string, unit: 'letters' | 'lines' = 'letters') =>
  definePipeline(name, { file: param.uri() }, ({ file }) => {
    const { examples } = reader({ file });
    counter({ examples, unit });
  });
const run = (pipeline: Parameters<typeof runPipeline>[0], options: Partial<RunOptions> = {}) =>
  runPipeline(pipeline, { store, workspace, processes: 1, ...options });
const states = (summary: RunSummary) => summary.steps.map(({ state }) => state);

describe('cache', () => {
  const go = (text: string, unit?: 'letters' | 'lines', seed?: number) => {
    writeFileSync(file, text);
    return run(count('cache', unit), { parameters: { file }, seed });
  };

  it('runs what has not run, and takes an unchanged run whole from the cache', async () => {
    const first = await go('abc');
    expect(states(first)).toEqual(['succeeded', 'succeeded']);
    expect(first.steps[1]?.summary).toBe('3, before none');
    expect(first.steps.map((step) => step.explanation?.outcome)).toEqual(['first', 'first']);
    const second = await go('abc');
    expect(states(second)).toEqual(['cached', 'cached']);
    expect(second.steps[1]?.artifacts).toEqual(first.steps[1]?.artifacts);
  });

  it('explains what changed, part by part', async () => {
    const content = await go('abcd');
    expect(content.steps[0]?.explanation?.changes.map(({ part }) => part)).toEqual(['fingerprint']);
    expect(content.steps[1]?.explanation?.changes.map(({ part }) => part)).toEqual(['input.examples']);
    const unit = await go('abcd', 'lines');
    expect(states(unit)).toEqual(['cached', 'succeeded']);
    expect(unit.steps[1]?.explanation?.text).toBe('run: parameter unit was "letters", is "lines"');
    const seed = await go('abcd', 'lines', 7);
    expect(seed.steps[1]?.explanation?.text).toBe('run: seed was 20, is 7');
    const back = await go('abc');
    expect(back.steps[1]?.explanation?.outcome).toBe('reverted');
  });

  it('gives a step that runs its newest earlier output, which is no part of the key', async () => {
    const { steps } = await go('abcdefgh');
    expect(steps[1]?.summary).toBe('8, before 1');
    expect(Object.keys((await store.listExecutions((await store.listRuns({ limit: 1 }))[0]!.id))[0]!.keyParts)).toEqual(
      expect.not.arrayContaining(['input.previous']),
    );
  });

  it('runs again when an artifact is gone or was edited, and says so', async () => {
    const { steps } = await go('artifact');
    rmSync(steps[0]!.artifacts.examples!.uri, { recursive: true });
    const gone = await go('artifact');
    expect(states(gone)).toEqual(['succeeded', 'cached']);
    expect(gone.steps[0]?.explanation).toMatchObject({ outcome: 'stale', text: expect.stringContaining('gone') });
    await appendFile(join(gone.steps[0]!.artifacts.examples!.uri, 'text'), '!');
    const edited = await go('artifact');
    expect(states(edited)).toEqual(['succeeded', 'cached']);
    expect(edited.steps[0]?.explanation).toMatchObject({ outcome: 'stale', text: expect.stringContaining('digest') });
  });
});

describe('a sealed, unseeded component', () => {
  it('is not loaded for a hit, hits whatever the seed, and gets none', async () => {
    let loads = 0;
    const seeds: number[] = [];
    const quiet = defineComponent({
      spec: { ...reader.spec, name: 'Quiet', sealed: true, seeded: false },
      load: async () => {
        loads++;
        return {
          async run({ outputs, seed }) {
            seeds.push(seed);
            await writeFile(join(outputs.examples, 'text'), 'x');
            return { summary: 'said once' };
          },
        };
      },
    });
    const pipeline = definePipeline('sealed', {}, () => void quiet({ file: 'x' }));
    await run(pipeline, { seed: 1 });
    const again = await run(pipeline, { seed: 2 });
    expect(again.steps[0]).toMatchObject({ state: 'cached', summary: 'said once' });
    expect([loads, seeds]).toEqual([1, [0]]);
  });
});

describe('publishing', () => {
  it('leaves nothing of a failed step, and fails the run with its error; independent steps finish', async () => {
    const failing = actor(async ({ outputs }) => {
      await writeFile(join(outputs.schema as string, 'half'), 'x');
      throw new MitateError('SOURCE_NOT_FOUND', { path: '/nowhere' } as never);
    });
    const dependent = counter;
    const pipeline = definePipeline('failing', { file: param.uri() }, ({ file }) => {
      const { examples } = reader({ file });
      failing({ tag: 'bad', examples }, { name: 'bad' });
      dependent({ examples });
    });
    const summary = await run(pipeline, { parameters: { file } });
    expect(summary).toMatchObject({ state: 'failed', error: { code: 'SOURCE_NOT_FOUND' } });
    expect(states(summary)).toEqual(['cached', 'failed', 'succeeded']);
    expect(await store.listArtifacts({ pipeline: 'failing', step: 'bad' })).toEqual([]);
    expect(existsSync(join(workspace, 'artifacts', 'failing', 'bad'))).toBe(false);
    expect(readdirSync(join(workspace, 'artifacts', '.staging'))).toEqual([]);
    expect(await store.getRun(summary.runId)).toMatchObject({ state: 'failed', error: { code: 'SOURCE_NOT_FOUND' } });
  });

  it('skips what depends on a failed step, with the reason', async () => {
    const source = defineComponent({
      spec: { ...reader.spec, name: 'BrokenReader' },
      run: async (_) => {
        throw new TypeError('a defect');
      },
    });
    const pipeline = definePipeline('skipping', {}, () => {
      const { examples } = source({ file: 'x' });
      const { statistics } = counter({ examples });
      void statistics;
    });
    const summary = await run(pipeline);
    expect(states(summary)).toEqual(['failed', 'skipped']);
    expect(summary.steps[1]?.error?.message).toContain('broken-reader failed');
    expect(summary.error).toMatchObject({ code: 'STEP_FAILED', message: expect.stringContaining('a defect') });
    const recorded = await store.listExecutions(summary.runId);
    expect(recorded.map(({ state }) => state).sort()).toEqual(['failed', 'skipped']);
  });

  it('refuses a component that writes nothing, or answers what its spec does not allow', async () => {
    const spec = { ...reader.spec, name: 'Liar', cacheable: false } as const;
    const empty = defineComponent({ spec, run: async () => ({}) });
    const absent = defineComponent({ spec, run: async (_) => ({ absent: ['examples'] }) });
    const both = definePipeline('lying', {}, () => {
      empty({ file: 'x' });
      absent({ file: 'x' });
    });
    const codes = (await run(both)).steps.map(({ error }) => error?.code);
    expect(codes).toEqual(['STEP_OUTPUT_MISSING', 'STEP_INTENT_INVALID']);
  });

  it('passes an absent optional output on as absent, and skips what needs it', async () => {
    const needy = defineComponent({
      spec: { ...counterSpec, name: 'Needy', inputs: { model: { type: 'Model' } }, sameAsAbsent: undefined },
      run: async () => ({}),
    });
    writeFileSync(file, 'xyz');
    const pipeline = definePipeline('absent', { file: param.uri() }, ({ file }) => {
      const { model } = resolver({ modelName: 'nobody' });
      const { examples } = reader({ file });
      counter({ examples, extra: model });
      needy({ model });
    });
    const summary = await run(pipeline, { parameters: { file } });
    expect(summary.state).toBe('succeeded');
    expect(summary.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'resolver succeeded',
      'reader succeeded',
      'counter succeeded',
      'needy skipped',
    ]);
    expect(summary.steps[3]?.error?.message).toContain('resolver put out no "model"');
  });
});

describe('attempts', () => {
  it('retries an error that may pass, each attempt an execution of its own', async () => {
    let left = 1;
    const flaky = actor(() => {
      if (left-- > 0) throw new Error('connection reset');
    });
    const events: RunEvent[] = [];
    const pipeline = definePipeline('retrying', {}, () => void flaky({}, { retries: 2 }));
    const summary = await run(pipeline, { onEvent: (event) => events.push(event) });
    expect(summary.steps[0]).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(events.filter(({ type }) => type === 'step-retrying')).toHaveLength(1);
    const recorded = await store.listExecutions(summary.runId);
    expect(recorded.map(({ attempt, state }) => `${attempt} ${state}`)).toEqual(['2 succeeded', '1 failed']);
  });

  it('does not retry what the input is to blame for', async () => {
    const wrong = actor(() => {
      throw new MitateError('PARAMETER_INVALID', { where: 'x', reason: 'y', command: 'run' });
    });
    const summary = await run(definePipeline('hopeless', {}, () => void wrong({}, { retries: 3 })));
    expect(summary.steps[0]).toMatchObject({ state: 'failed', attempts: 1 });
  });

  it('ends a step that outlives its timeout', async () => {
    const slow = actor(({ signal }) => wait(60_000, undefined, { signal }));
    const summary = await run(definePipeline('slow', {}, () => void slow({}, { timeout: '50ms' })));
    expect(summary.error?.code).toBe('STEP_TIMEOUT');
  });
});

describe('cancelling', () => {
  const sleeper = actor(({ signal }) => wait(60_000, undefined, { signal }));
  const pipeline = definePipeline('cancelled', {}, () => {
    sleeper({ tag: 'a' });
    sleeper({ tag: 'b' });
    sleeper({ tag: 'c' });
  });

  it('winds down on the signal', async () => {
    const controller = new AbortController();
    const summary = await run(pipeline, {
      signal: controller.signal,
      onEvent: ({ type }) => type === 'step-started' && controller.abort(),
    });
    expect(summary.state).toBe('cancelled');
    expect(states(summary)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect((await store.getRun(summary.runId))?.state).toBe('cancelled');
  });

  it('winds down when another process asks for it', async () => {
    const summary = await run(pipeline, {
      onEvent: (event) => void (event.type === 'run-started' && store.requestCancel(event.runId)),
    });
    expect(summary.state).toBe('cancelled');
  });
});

describe('order', () => {
  it('runs independent steps together, at most maxParallel', async () => {
    let now = 0;
    let most = 0;
    const busy = actor(async () => {
      most = Math.max(most, ++now);
      await wait(20);
      now--;
    });
    const pipeline = definePipeline('parallel', {}, () => {
      for (let i = 0; i < 5; i++) busy({ tag: String(i) });
    });
    await run(pipeline, { maxParallel: 3 });
    expect(most).toBe(3);
    await run(pipeline, { maxParallel: 1 });
    expect(pipeline.steps.map(({ name }) => name)).toEqual(['actor', 'actor-2', 'actor-3', 'actor-4', 'actor-5']);
  });

  it('keeps a log of JSON lines per step', async () => {
    const talker = actor(({ logger }) => logger.info('hello', { photos: 3 }));
    const summary = await run(definePipeline('talking', {}, () => void talker({})));
    const lines = readFileSync(join(workspace, 'runs', summary.runId, 'actor.log'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 'info', message: 'hello', fields: { photos: 3 } }),
    );
  });
});
