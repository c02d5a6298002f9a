import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  actor,
  counter,
  counterSpec,
  launcherWorkspace,
  reader,
  states,
} from '../../../tests/support/launcher-workspace.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { MitateError } from '../../errors/index.ts';
import { resolver } from '../components.ts';
import { defineComponent } from '../define/component.ts';
import { definePipeline } from '../define/define-pipeline.ts';
import { param } from '../define/parameter.ts';
import type { RunEvent } from '../events.ts';

const { workspace, file, run, store } = launcherWorkspace();

describe('publishing', () => {
  it('removes the outputs of a failed step, and fails the run with its error; independent steps finish', async () => {
    const failing = actor(async ({ outputs }) => {
      await writeFile(join(outputs.schema as string, 'half'), 'x');
      throw new MitateError('SOURCE_NOT_FOUND', { path: '/nowhere' } as never);
    });
    writeFileSync(file, 'abc');
    const pipeline = definePipeline('failing', { file: param.uri() }, ({ file }) => {
      const { examples } = reader({ file });
      failing({ tag: 'bad', examples }, { name: 'bad' });
      counter({ examples });
    });
    const summary = await run(pipeline, { parameters: { file } });
    expect(summary).toMatchObject({ state: 'failed', error: { code: 'SOURCE_NOT_FOUND' } });
    expect(states(summary)).toEqual(['succeeded', 'failed', 'succeeded']);
    expect(await store().listArtifacts({ pipeline: 'failing', step: 'bad' })).toEqual([]);
    expect(existsSync(join(workspace, 'artifacts', 'failing', 'bad'))).toBe(false);
    expect(readdirSync(join(workspace, 'artifacts', '.staging'))).toEqual([]);
    expect(await store().getRun(summary.runId)).toMatchObject({ state: 'failed', error: { code: 'SOURCE_NOT_FOUND' } });
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
    expect(summary.steps[1]?.summary).toMatch(/failed/);
    expect(summary.steps[1]?.error?.message).toContain('broken-reader failed');
    expect(summary.error).toMatchObject({ code: 'STEP_FAILED', message: expect.stringContaining('a defect') });
    const recorded = await store().listExecutions(summary.runId);
    expect(recorded.map(({ state }) => state).sort()).toEqual(['failed', 'skipped']);
  });

  it('rejects a component that writes nothing, or returns what its spec does not allow', async () => {
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

  it('passes an absent optional output on as absent, and skips steps that need it', async () => {
    const { sameAsAbsent: _, ...spec } = counterSpec;
    const needy = defineComponent({
      spec: { ...spec, name: 'Needy', inputs: { model: { type: 'Model' } } },
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
    expect(summary.steps[3]?.error?.message).toContain('resolver did not produce "model"');
  });
});

describe('attempts', () => {
  it('retries a transient error, each attempt as a separate execution', async () => {
    let left = 1;
    const flaky = actor(() => {
      if (left-- > 0) throw new Error('connection reset');
    });
    const events: RunEvent[] = [];
    const pipeline = definePipeline('retrying', {}, () => void flaky({}, { retries: 2 }));
    const summary = await run(pipeline, { onEvent: (event) => events.push(event) });
    expect(summary.steps[0]).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect(events.filter(({ type }) => type === 'step-retrying')).toHaveLength(1);
    const recorded = await store().listExecutions(summary.runId);
    expect(recorded.map(({ attempt, state }) => `${attempt} ${state}`)).toEqual(['2 succeeded', '1 failed']);
  });

  it('does not retry an error caused by the input', async () => {
    const wrong = actor(() => {
      throw new MitateError('PARAMETER_INVALID', { where: 'x', reason: 'y', command: 'run' });
    });
    const summary = await run(definePipeline('hopeless', {}, () => void wrong({}, { retries: 3 })));
    expect(summary.steps[0]).toMatchObject({ state: 'failed', attempts: 1 });
  });

  it('stops a step that exceeds its timeout', async () => {
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

  it('stops on the signal', async () => {
    const controller = new AbortController();
    const summary = await run(pipeline, {
      signal: controller.signal,
      onEvent: ({ type }) => type === 'step-started' && controller.abort(),
    });
    expect(summary.state).toBe('cancelled');
    expect(states(summary)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect((await store().getRun(summary.runId))?.state).toBe('cancelled');
  });

  it('stops when another process requests it', async () => {
    const summary = await run(pipeline, {
      onEvent: (event) => void (event.type === 'run-started' && unaudited(store()).requestCancel(event.runId)),
    });
    expect(summary.state).toBe('cancelled');
  });
});

describe('order', () => {
  it('runs independent steps in parallel, at most maxParallel', async () => {
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
