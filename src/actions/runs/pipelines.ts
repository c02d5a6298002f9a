import { existsSync, realpathSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { z } from 'zod';
import type { pipelineGraphSchema, pipelineSummarySchema } from '../../contracts/api/runs.ts';
import type { RunRecord } from '../../contracts/run.ts';
import { isInside } from '../../files/is-inside.ts';
import { type PipelineDefinition, pipelineDefinitionSchema } from '../../orchestrator/define/definition.ts';
import { codeDigestOf } from '../../orchestrator/release/collect-code.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { codeOfRun } from './code-of-run.ts';
import { findSource, pipelineExtensions } from './queued-runs.ts';

type PipelineSummary = z.input<typeof pipelineSummarySchema>;
type PipelineGraph = z.input<typeof pipelineGraphSchema>;

/** Folders deep, files looked at, and characters of one that is. */
const deepest = 4;
const mostFiles = 2_000;
const longestFile = 200_000;
const mostListed = 200;

/** Pipelines that ran in the project, newest first, then files of the pipelines folder that did not. */
export async function listPipelines(
  store: Pick<OpenStore, 'latestRuns' | 'countRuns' | 'workspace'>,
  folder: string,
): Promise<PipelineSummary[]> {
  const [latest, counts] = [await store.latestRuns(), await store.countRuns()];
  const runsOf = (name: string) =>
    counts.reduce((sum, { pipeline, count }) => sum + (pipeline === name ? count : 0), 0);
  const known = latest.map((run) => ({
    ...shortened(run),
    file: fileIn(folder, run.source),
    runs: runsOf(run.pipeline),
  }));
  const ran = new Set(latest.flatMap(({ source }) => source ?? []));
  const files = (await pipelineFiles(folder, store.workspace.dir)).filter((path) => !ran.has(path));
  const fresh = files.map((path) => {
    const file = relative(folder, path);
    return { pipeline: file, file, runs: 0, isStartable: true, lastRun: null };
  });
  return [...known, ...fresh].slice(0, mostListed);
}

function shortened({ pipeline, source, id, state, startedAt, finishedAt }: RunRecord) {
  const isStartable = source !== null && existsSync(source);
  return { pipeline, isStartable, lastRun: { id, state, startedAt, finishedAt } };
}

const fileIn = (folder: string, source: string | null) =>
  source !== null && isInside(folder, source) ? relative(folder, source) : null;

/** Module files that define a pipeline, sorted. */
async function pipelineFiles(folder: string, workspace: string): Promise<string[]> {
  const found: string[] = [];
  let left = mostFiles;
  const walk = async (within: string, depth: number): Promise<void> => {
    for (const entry of (await readdir(within, { withFileTypes: true }).catch(() => [])).sort(byName)) {
      const path = join(within, entry.name);
      if (left-- <= 0) return;
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || path === workspace) continue;
      if (entry.isDirectory() && depth < deepest) await walk(path, depth + 1);
      else if (entry.isFile() && pipelineExtensions.includes(extname(entry.name)) && (await isPipelineFile(path)))
        found.push(path);
    }
  };
  if (existsSync(folder)) await walk(realpathSync(folder) + sep, 1);
  return found;
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

async function isPipelineFile(path: string): Promise<boolean> {
  const { size } = await stat(path);
  return size <= longestFile && /export default definePipeline\(/.test(await readFile(path, 'utf8'));
}

type Describing = Pick<OpenStore, 'listRuns' | 'getDefinition' | 'workspace' | 'project' | 'releases'>;

/** Code is loaded in a process of its own, one at a time. */
const oneAtATime = new Semaphore(1, 20);
/** Of code that was loaded, by digest of the code and place. */
const loaded = new Map<string, PipelineDefinition>();
const mostKept = 50;

/**
 * Parameters and steps of a pipeline as it would run now. What a run recorded of the same code is read; other code is loaded, which executes it.
 * @param mayLoad throws for who may not have code executed: they see it as it ran last
 * @throws RUN_PIPELINE_UNKNOWN, RUN_PIPELINE_OUTSIDE, PIPELINE_FILE_INVALID, RUN_CODE_ENDED, RUN_MEMORY_EXCEEDED
 */
export async function showPipeline(
  config: Parameters<typeof codeOfRun>[0] & { pipelines: string },
  store: Describing,
  pipeline: string,
  mayLoad: () => void,
): Promise<PipelineGraph> {
  const source = await findSource({ store, pipelines: config.pipelines }, pipeline);
  const { name, seed, parameters, steps } = await definitionOf(config, store, source, mayLoad);
  return {
    ...{ name, seed, file: fileIn(config.pipelines, source) },
    parameters: Object.entries(parameters).map(
      ([parameter, { type, optional, default: usual, choices, description }]) => ({
        ...{ name: parameter, type, isRequired: !optional && usual === undefined },
        ...{ default: usual ?? null, choices: choices ?? null, description: description ?? null },
      }),
    ),
    steps: steps.map(({ name: step, component }) => ({ step, component: component.name })),
    edges: edgesOf(steps),
  };
}

async function definitionOf(
  config: Parameters<typeof codeOfRun>[0],
  store: Describing,
  source: string,
  mayLoad: () => void,
): Promise<PipelineDefinition> {
  const code = await codeDigestOf(source);
  const recent = await store.listRuns({ limit: 100 });
  const ran = recent.filter((run) => run.source === source);
  const recordedOf = async (run: (typeof ran)[number] | undefined) =>
    run && pipelineDefinitionSchema.safeParse(await store.getDefinition(run.definitionDigest)).data;
  const recorded = await recordedOf(ran.find((run) => run.codeDigest === code && code !== null));
  if (recorded) return recorded;
  const key = `${store.project} ${code} ${source}`;
  const known = code !== null ? loaded.get(key) : undefined;
  if (known) return known;
  try {
    mayLoad();
  } catch (refusal) {
    const last = await recordedOf(ran[0]);
    if (last) return last;
    throw refusal;
  }
  const definition = await oneAtATime.run(async () => {
    await using program = await codeOfRun(config, store, source);
    return await program.describe();
  });
  if (loaded.size >= mostKept) loaded.clear();
  loaded.set(key, definition);
  return definition;
}

/** What flows from step to step. */
export function edgesOf(steps: PipelineDefinition['steps']): PipelineGraph['edges'] {
  return steps.flatMap(({ name, inputs }) =>
    Object.entries(inputs).map(([input, { step, output }]) => ({ producer: step, output, consumer: name, input })),
  );
}
