import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { digestsOf, killEverywhere, runUndisturbed } from './kill-harness.ts';

const dir = mkdtempSync(join(tmpdir(), 'mitate-kill-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('finishes after kill -9 at every boundary of every step and inside each, with the bytes of an undisturbed run', async () => {
  const file = join(dir, 'input.txt');
  writeFileSync(file, 'photos');
  const pipelineFile = fileURLToPath(new URL('./small.pipeline.ts', import.meta.url));
  const subject = { pipelineFile, parameters: { file } };
  const calm = await runUndisturbed(join(dir, 'calm'), subject);
  const steps = calm.steps.map(({ name }) => name);
  const workspace = join(dir, 'killed');
  const { summary, killed } = await killEverywhere(workspace, subject, calm);

  const insideOrBefore = steps.flatMap((step) => [`${step} started`, `${step} inside`]);
  expect(killed.map(({ step, moment }) => `${step} ${moment}`)).toEqual(expect.arrayContaining(insideOrBefore));
  expect(summary.state).toBe('succeeded');
  expect(digestsOf(summary)).toEqual(digestsOf(calm));
  expect(summary.pushed).toMatchObject([{ modelName: 'small', version: 1, endpoint: 'small' }]);
  expect(readdirSync(join(workspace, 'artifacts', '.staging'))).toEqual([]);

  await using store = await openStore({ workspace });
  expect((await store.listVersions('small')).map(({ version }) => version)).toEqual([1]);
  expect(await store.listRuns({ state: 'running' })).toEqual([]);
  const failed = (await store.listRuns({ state: 'failed' })).map(({ error }) => error?.code);
  // only the last moment of the last step may come after the run's own end
  expect(failed.length).toBeGreaterThanOrEqual(killed.length - 1);
  expect(new Set(failed)).toEqual(new Set(['RUN_INTERRUPTED']));
  expect(await store.listDeployments('small')).toMatchObject([{ version: 1, role: 'stable', traffic: 100 }]);
}, 600_000);
