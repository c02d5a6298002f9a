import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import type { RunSummary, StepSummary } from '../../src/orchestrator/summary.ts';
import { writeSample } from '../../src/vision/sample/index.ts';
import { digestsOf, killEverywhere, runUndisturbed } from './kill-harness.ts';

const dir = mkdtempSync(join(tmpdir(), 'mitate-kill-leaf-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Latency and memory are measured, and the title of the evaluation's report names its run. */
const differs = /^(infra-validator|pusher)\.|^evaluator\.evaluation$/;

it('trains the same model however often the leaf pipeline is killed, at every boundary and inside every step', async () => {
  const images = join(dir, 'photos');
  await writeSample(images, { photos: 300, seed: 1, size: 128 });
  // 30 test photos are too few for a blessing, so no run finds a baseline that an earlier one pushed
  const pipelineFile = fileURLToPath(new URL('../../examples/leaf/pipeline.ts', import.meta.url));
  const subject = { pipelineFile, parameters: { images } };
  const calm = await runUndisturbed(join(dir, 'calm'), subject);
  const { summary, killed } = await killEverywhere(join(dir, 'killed'), subject, calm);

  const started = killed.filter(({ moment }) => moment === 'started').map(({ step }) => step);
  expect(started).toEqual(calm.steps.map(({ name }) => name));
  expect(summary).toMatchObject({ state: 'succeeded', error: null });
  const same = (digests: Record<string, string>) =>
    Object.fromEntries(Object.entries(digests).filter(([key]) => !differs.test(key)));
  expect(same(digestsOf(summary))).toEqual(same(digestsOf(calm)));
  expect(evaluationOf(summary)).toEqual(evaluationOf(calm));
  expect(digestsOf(summary)['trainer.model']).toMatch(/^[0-9a-f]{64}$/);
});

function evaluationOf({ steps }: RunSummary): string {
  const { artifacts } = steps.find(({ name }) => name === 'evaluator') as StepSummary;
  return readFileSync(join(artifacts.evaluation!.uri, 'evaluation.json'), 'utf8');
}
