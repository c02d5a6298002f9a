import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/orchestrator/launcher/ids.ts';
import { ServedApp } from '../support/served-app.ts';
import { browserPath, ConsoleBrowser, inEveryLook, type Size } from './browser.ts';

let served: ServedApp;
let browser: ConsoleBrowser;
/** Of the runs, oldest first: two that succeeded, one that failed, one in progress. */
const runs: string[] = [];
const logLines = 50_000;

const explanation = (outcome: 'first' | 'changed', changes: { part: string; before: string; after: string }[]) => ({
  outcome,
  text: '',
  changes,
});

async function addRun(minutesAgo: number, seconds: number, state: 'succeeded' | 'failed' | 'running'): Promise<void> {
  const { store } = served.served;
  const startedAt = new Date(Date.now() - minutesAgo * 60_000);
  const id = newId();
  const about = { id, pipeline: 'leaf-health', parameters: { epochs: 9 }, seed: 1, definitionDigest: 'd'.repeat(64) };
  const from = { source: '/pipelines/leaf.ts', gitCommit: null, who: 'user:mika', pid: process.pid, trigger: 'demand' };
  await store.createRun({
    ...about,
    ...from,
    note: state === 'failed' ? '<b>ノート</b> with a long note' : null,
    startedAt,
  });
  const step = { runId: id, cacheKey: null, keyParts: {}, attempt: 1, startedAt };
  const why = explanation('changed', [{ part: 'parameter.epochs', before: '1', after: '9' }]);
  const [reader, trainer] = [newId(), newId()];
  await store.startExecution(
    { ...step, id: reader, step: 'example-gen', component: 'ExampleGen', explanation: explanation('first', []) },
    [],
  );
  const usage = { cpuSeconds: 3, peakMemoryBytes: 2e8, photos: 90 };
  await store.completeExecution(reader, { outputs: [], intents: [], summary: '90 photos', who: 'test', usage });
  await store.startExecution({ ...step, id: trainer, step: 'trainer', component: 'Trainer', explanation: why }, []);
  const error = { code: 'STEP_FAILED', message: 'Step trainer failed: no photos', remedy: 'See the log.' };
  if (state === 'succeeded')
    await store.completeExecution(trainer, { outputs: [], intents: [], summary: 'trained', who: 'test', usage });
  if (state === 'failed') await store.failExecution(trainer, 'failed', error, usage);
  if (state === 'running')
    await store.noteProgress(trainer, { done: 40, total: 90, unit: 'photos', rate: 10, secondsLeft: 5 });
  else await store.finishRun(id, state, state === 'failed' ? error : null);
  if (state !== 'running')
    await store.connection.pool.query("update runs set finished_at = started_at + $1 * interval '1 s' where id = $2", [
      seconds,
      id,
    ]);
  runs.push(id);
}

function writeLog(run: string): void {
  const folder = join(served.served.store.workspace.runs, run);
  mkdirSync(folder, { recursive: true });
  const line = (i: number) =>
    JSON.stringify({
      time: new Date(i).toISOString(),
      level: i % 1_000 === 0 ? 'warn' : 'info',
      message: `line ${i}`,
      fields: {},
    });
  writeFileSync(join(folder, 'trainer.log'), `${Array.from({ length: logLines }, (_, i) => line(i + 1)).join('\n')}\n`);
}

describe.skipIf(!browserPath)('runs', () => {
  beforeAll(async () => {
    served = await ServedApp.open([]);
    browser = await ConsoleBrowser.open(served);
  }, 60_000);
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
  });

  it('says what to do first where there are none', async () => {
    const { page, problems } = await browser.page('/runs');
    await page.getByRole('heading', { name: 'No run yet.' }).waitFor();
    expect(await page.locator('pre').textContent()).toContain('mitate run');
    expect(problems).toEqual([]);
  });

  it('look right', async () => {
    await addRun(90, 40, 'succeeded');
    await addRun(60, 55, 'succeeded');
    await addRun(30, 12, 'failed');
    await addRun(1, 0, 'running');
    writeLog(runs[1]!);
    await inEveryLook(browser, {
      name: 'runs-in-progress',
      path: '/runs',
      ready: (page) => page.getByText('leaf-health').first().waitFor(),
    });
  }, 240_000);

  it('have a log of 50,000 lines in at most 80 rows, of which any is reached', async () => {
    const { page, problems } = await browser.page(`/runs/${runs[1]}?step=trainer`);
    await page.getByText('50,000 lines').waitFor();
    await page.getByText('line 1', { exact: true }).waitFor();
    const box = page.getByRole('log');
    await box.focus();
    await page.keyboard.press('End');
    await page.getByText(`line ${logLines}`, { exact: true }).waitFor();
    expect(await page.locator('.log-line').count()).toBeLessThanOrEqual(80);
    expect(problems).toEqual([]);
  });

  it.each(['desktop', 'phone'] as Size[])('are cancelled, and asked for again, on a %s', async (size) => {
    const { store } = served.served;
    const { page, problems } = await browser.page(`/runs/${runs[3]}`, { size });
    await page.getByRole('button', { name: 'Cancel run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
    await expect.poll(async () => (await store.getRun(runs[3]!))?.cancelRequested).toBe(true);
    await page.goto(`${served.url}/runs/${runs[2]}`);
    await page.getByRole('button', { name: 'Retry failed steps' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry failed steps' }).click();
    await page.getByText(/waits? for a worker/).waitFor();
    expect(problems).toEqual([]);
  });
});
