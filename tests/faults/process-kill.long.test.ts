import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Part, ProcessTree, parts } from './process-tree.ts';

/** Of each process. */
const kills = Number(process.env.MITATE_TEST_KILLS ?? 10);
let tree: ProcessTree;
const readyMs = new Map<Part, number[]>();

beforeAll(async () => {
  tree = await ProcessTree.open();
  await tree.running.stderrHas('worker ready');
  tree.load(4);
});
afterAll(async () => await tree[Symbol.asyncDispose]());

const quantile = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1] ?? 0;

describe.skipIf(process.platform !== 'linux')(`each process of mitate up, killed ${kills} times under load`, () => {
  it.each(parts)('%s', async (part) => {
    const took: number[] = [];
    readyMs.set(part, took);
    for (let kill = 0; kill < kills; kill++) {
      const before = tree.answered.length;
      took.push(await tree.kill(part));
      await expect.poll(() => tree.answered.length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(before + 3);
    }
  });

  it('loses and falsifies no answer', async () => {
    const { lost, code, tookMs } = await tree.stop();
    const ready = [...readyMs].map(([part, took]) => [part, { p50: quantile(took, 0.5), p99: quantile(took, 0.99) }]);
    const found = {
      kills,
      stoppedInMs: tookMs,
      ready: Object.fromEntries(ready),
      answered: tree.answered.length,
      lost: lost.length,
      wrong: tree.wrong,
      failed: Object.fromEntries(tree.failed),
    };
    console.log(JSON.stringify(found, null, 1));
    expect([lost, code]).toEqual([[], 0]);
    expect(tree.wrong).toBe(0);
  });
});
