import { mkdirSync } from 'node:fs';
import type { z } from 'zod';
import { readIndex, readRejected, readSummary } from '../../src/artifacts/examples/read-examples.ts';
import type { Artifact } from '../../src/contracts/artifact.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import type { GoldenPhoto } from '../../src/contracts/loop/golden.ts';
import { run } from '../../src/pipeline/example-gen/run.ts';
import { exampleGenSpec } from '../../src/pipeline/example-gen/spec.ts';
import type { ScratchFolder } from './scratch-folder.ts';

let runs = 0;

/** Runs ExampleGen as the launcher does, with outputs and cache in the scratch folder. */
export async function runExampleGen(
  scratch: ScratchFolder,
  parameters: z.input<typeof exampleGenSpec.parameters>,
  {
    previous,
    golden = [],
    signal = new AbortController().signal,
  }: { previous?: string; golden?: GoldenPhoto[]; signal?: AbortSignal } = {},
) {
  const uri = scratch.at(`examples-${++runs}`);
  mkdirSync(uri, { recursive: true });
  const artifact: Artifact | undefined =
    previous === undefined
      ? undefined
      : { id: 'previous', type: 'Examples', uri: previous, digest: '0'.repeat(64), properties: {} };
  const result = await run({
    inputs: { previous: artifact },
    outputs: { examples: uri },
    parameters: exampleGenSpec.parameters.parse(parameters),
    logger: silentLogger,
    progress: () => {},
    now: () => new Date(0),
    run: { id: 'run-1', pipeline: 'leaf' },
    seed: 1,
    signal,
    cacheDir: scratch.at('cache'),
    processes: 2,
    golden: { photos: async () => golden, fileOf: () => '' },
    erasures: { among: async () => new Set<string>() },
  });
  return {
    uri,
    result,
    summary: await readSummary(uri),
    examples: await readIndex(uri),
    rejected: await readRejected(uri),
  };
}
