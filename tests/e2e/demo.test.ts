import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DemoWorkspace } from '../support/demo-workspace.ts';
import { errorOf, Sandbox } from './cli.ts';

let filled: DemoWorkspace;
const sandbox = new Sandbox();
beforeAll(async () => {
  filled = await DemoWorkspace.open();
}, 600_000);
afterAll(() => {
  filled?.[Symbol.dispose]();
  sandbox[Symbol.dispose]();
});

const ask = <T>(...args: string[]) => sandbox.json<T>(...args, '--workspace', filled.workspace);

describe('mitate demo', () => {
  it('leaves a week behind that the product made: runs, versions, traffic that drifts, labels, an alert, a promotion', async () => {
    expect(filled.demo).toMatchObject({ runs: { succeeded: 2, failed: 1 }, versions: 2 });
    const { requests, labels, toReview, openAlerts, delivered } = filled.demo;
    expect([requests > 400, labels > 100, toReview > 10, openAlerts > 0, delivered > 0]).toEqual(Array(5).fill(true));
    const [promotion] = await ask<{ state: string; version: number }>('promotion', 'list');
    expect(promotion).toMatchObject({ state: 'waiting-for-approval', version: 2 });
    const alerts = await ask<{ monitor: string; state: string }>('alert', 'list');
    expect(alerts.map(({ monitor }) => monitor)).toContain('leaf-health.embedding-mmd');
    const [shown] = await ask('model', 'show', 'leaf-health@1');
    expect(shown).toMatchObject({ version: { aliases: ['champion'], blessed: true } });
  });

  it('dates it over the last week, the answers of the first version before the second was trained', async () => {
    const log = await ask<{ loggingTime: string; modelVersion: number; role: string }>(
      'log',
      'list',
      '--limit',
      '1000',
    );
    const [from, to] = [Date.now() - 8.5 * 86_400_000, Date.now()];
    const times = log.map(({ loggingTime }) => Date.parse(loggingTime));
    expect(times.every((at) => at > from && at <= to)).toBe(true);
    const shadows = log.filter(({ role }) => role === 'shadow');
    expect(new Set(shadows.map(({ modelVersion }) => modelVersion))).toEqual(new Set([2]));
    const runs = await ask<{ pipeline: string; trigger: string; startedAt: string }>('runs', 'list');
    const retraining = runs.find(({ trigger }) => trigger === 'trigger retrain-on-drift')!;
    expect(shadows.every(({ loggingTime }) => loggingTime > retraining.startedAt)).toBe(true);
  });

  it('has labels that contradict, and photos that wait for review', async () => {
    expect((await ask('review', 'disputes')).length).toBeGreaterThan(0);
    expect((await ask('review', 'list', '--limit', '1000')).length).toBe(filled.demo.toReview);
  });

  it('refuses a workspace that has data, and a folder that is there', async () => {
    const used = await sandbox.mitate('demo', '--json', '--workspace', filled.workspace);
    expect([used.code, errorOf(used).code]).toEqual([1, 'DEMO_WORKSPACE_USED']);
    sandbox.write('mitate-demo/mine.txt', 'mine');
    const there = await sandbox.mitate('demo', '--json');
    expect([there.code, errorOf(there).code]).toEqual([1, 'DEMO_FOLDER_EXISTS']);
  });
});
