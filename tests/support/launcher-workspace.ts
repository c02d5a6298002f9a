import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { sha256 } from '../../src/codecs/digest.ts';
import type { ComponentSpec, RunContext } from '../../src/contracts/component.ts';
import { defineComponent } from '../../src/orchestrator/define/component.ts';
import type { Pipeline } from '../../src/orchestrator/define/define-pipeline.ts';
import type { RunOptions } from '../../src/orchestrator/launcher/run-options.ts';
import { runPipeline } from '../../src/orchestrator/launcher/run-pipeline.ts';
import type { RunSummary } from '../../src/orchestrator/summary.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';

/** A workspace with its real store, for the tests of one file. */
export function launcherWorkspace() {
  const workspace = mkdtempSync(join(tmpdir(), 'mitate-launcher-'));
  let store: OpenStore;
  beforeAll(async () => {
    store = await openStore({ workspace });
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    rmSync(workspace, { recursive: true, force: true });
  });
  const run = (pipeline: Pipeline, options: Partial<RunOptions> = {}) =>
    runPipeline(pipeline, { store, workspace, processes: 1, ...options });
  return { workspace, run, file: join(workspace, 'input.txt'), store: () => store };
}

export const states = (summary: RunSummary) => summary.steps.map(({ state }) => state);

/** Reads a text file: its content goes into the key by fingerprint. */
export const reader = defineComponent({
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

export const counterSpec = {
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
export const counter = defineComponent({
  spec: counterSpec,
  async run({ inputs, outputs, parameters }) {
    const text = await readFile(join(inputs.examples.uri, 'text'), 'utf8');
    const count = parameters.unit === 'letters' ? text.length : text.split('\n').length;
    const before = inputs.previous ? readFileSync(join(inputs.previous.uri, 'count'), 'utf8') : 'none';
    await writeFile(join(outputs.statistics, 'count'), String(count));
    return { summary: `${count}, before ${before.split(' ')[0]}` };
  },
});

/** Does what its `mode` says. */
export const actor = (mode: (context: RunContext) => Promise<void> | void) =>
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
      await mode(context as unknown as RunContext);
      await writeFile(join(context.outputs.schema, 'done'), '');
      return {};
    },
  });
