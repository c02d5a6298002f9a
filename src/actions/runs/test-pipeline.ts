import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import type { NewProof } from '../../contracts/release.ts';
import { MitateError } from '../../errors/index.ts';
import type { Pipeline } from '../../orchestrator/define/define-pipeline.ts';
import { loadPipeline } from '../../orchestrator/define/load-pipeline.ts';
import type { Listener } from '../../orchestrator/events.ts';
import { runPipeline } from '../../orchestrator/launcher/run-pipeline.ts';
import { gitCommitOf } from '../../orchestrator/launcher/who.ts';
import { codeDigest, collectCode } from '../../orchestrator/release/collect-code.ts';
import { openStore } from '../../store/open-store.ts';
import { writeSample } from '../../vision/sample/write-sample.ts';
import { checkRun } from './pipeline-test/checks.ts';

export interface PipelineTest {
  config: Config;
  file: string;
  /** Of the pipeline. Default: drawn leaves for the first parameter that is a path. */
  parameters: Record<string, string>;
  /** Drawn leaves. */
  photos: number;
  who: string;
  /** Continuous integration, and container, that it runs in. */
  ci: string | null;
  container: string | null;
  signal: AbortSignal;
  onEvent: Listener;
}

/**
 * Runs the current pipeline on a few photos in a temporary workspace, and checks what every step produced.
 * @throws PIPELINE_FILE_INVALID, PIPELINE_INVALID, PIPELINE_PARAMETERS_INVALID, RELEASE_IMPORT_UNKNOWN, RELEASE_FILE_OUTSIDE
 */
export async function testPipeline(test: PipelineTest): Promise<NewProof> {
  const source = resolve(test.file);
  const pipeline = await loadPipeline(source);
  const code = codeDigest(await collectCode(source));
  const folder = await mkdtemp(join(tmpdir(), 'mitate-test-'));
  try {
    const parameters = await filled(pipeline, test, join(folder, 'photos'));
    const checks = await runAndCheck(pipeline, { ...test, parameters }, source, join(folder, 'workspace'));
    const passed = checks.every((check) => check.passed);
    if (test.container !== null)
      checks.push({ name: 'container', passed: true, said: `in a container: ${test.container}` });
    const proof = { kind: 'pipeline-test', subject: pipeline.name, codeDigest: code, passed, checks } as const;
    return { ...proof, ci: test.ci, gitCommit: await gitCommitOf(source), who: test.who };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runAndCheck(pipeline: Pipeline, test: PipelineTest, source: string, workspace: string) {
  const { config, parameters, signal, onEvent } = test;
  await using store = await openStore({ workspace });
  const { processes } = config;
  const run = await runPipeline(pipeline, {
    store,
    workspace,
    processes,
    source,
    parameters,
    signal,
    onEvent,
    trigger: 'test',
  });
  if (signal.aborted) throw new MitateError('CANCELLED', {});
  return await checkRun(pipeline, run);
}

async function filled(pipeline: Pipeline, { parameters, photos, signal }: PipelineTest, folder: string) {
  const missing = Object.entries(pipeline.parameters).find(
    ([name, { type, optional, default: usual }]) =>
      type === 'uri' && !optional && usual === undefined && !(name in parameters),
  );
  if (missing === undefined) return parameters;
  await writeSample(folder, { photos, seed: 20, signal });
  return { ...parameters, [missing[0]]: folder };
}
