import { describe, expect, it } from 'vitest';
import { isMitateError } from '../../errors/index.ts';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import { encodeJpeg } from '../../vision/encode.ts';
import { drawLeaf } from '../../vision/sample/index.ts';
import type { HeldGraph, RunJob } from './messages.ts';
import { Supervisor } from './supervisor.ts';

const preprocess = { width: 32, height: 32, fit: 'fill', kernel: 'cubic' } as const;

/** `pixels -> means [3]`, and `broken [3]`: means / 0. */
function meansGraph(key = 'means'): HeldGraph {
  const graph = new GraphBuilder('means');
  const pixels = graph.input('pixels', 'uint8', ['N', 32, 32, 3]);
  const means = graph.op('ReduceMean', [graph.cast(pixels, 'float32'), graph.int64([1, 2])], { keepdims: 0 });
  graph.output('means', means, 'float32', ['N', 3]);
  graph.output('broken', graph.op('Div', [means, graph.scalar(0)]), 'float32', ['N', 3]);
  return { key, name: key, bytes: graph.toBytes(), preprocess };
}

const leaf = async (seed: number) => encodeJpeg(drawLeaf({ seed, size: 64 }).pixels, 64, 64);
const job = (image: Uint8Array, more: Partial<RunJob> = {}): RunJob => ({
  kind: 'run',
  graph: 'means',
  image,
  views: ['plain'],
  feeds: {},
  fetches: ['means'],
  ...more,
});

async function started(options: { processes?: number; deadlineMs?: number } = {}) {
  const supervisor = new Supervisor({ processes: 2, deadlineMs: 20_000, ...options });
  await supervisor.start();
  await supervisor.load(meansGraph());
  return {
    supervisor,
    run: (image: Uint8Array, more?: Partial<RunJob>, signal?: AbortSignal) =>
      supervisor.run(job(image, more), { subject: 'leaf.jpg', signal }),
    [Symbol.asyncDispose]: () => supervisor.close(),
  };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  return isMitateError(error) ? error.code : String(error);
}

describe('supervisor', () => {
  it('answers each photo with its own numbers, once per view', async () => {
    await using pool = await started();
    const images = await Promise.all(Array.from({ length: 12 }, (_, seed) => leaf(seed)));
    const together = await Promise.all(images.map((image) => pool.run(image, { views: ['plain', 'flip-h'] })));
    for (const [i, image] of images.entries()) {
      const [[alone]] = (await pool.run(image)) as [[Float32Array]];
      expect(together[i]![0]![0]).toEqual(alone);
      expect(together[i]![1]![0]![0]).toBeCloseTo(alone[0]!, 3);
    }
    expect(new Set(together.map((views) => views[0]![0]!.join())).size).toBe(12);
  });

  it('fails a broken photo alone, with the code that decoding gave', async () => {
    await using pool = await started();
    const good = await leaf(1);
    const [bad, fine] = await Promise.allSettled([pool.run(new TextEncoder().encode('<html></html>')), pool.run(good)]);
    expect((bad as PromiseRejectedResult).reason.code).toMatch(/^IMAGE_/);
    expect(fine.status).toBe('fulfilled');
  });

  it('gives the photos of a killed process to another, and replaces it', async () => {
    await using pool = await started();
    const before = pool.supervisor.pids;
    const image = await leaf(1);
    const answers = Array.from({ length: 40 }, () => pool.run(image));
    process.kill(before[0]!, 'SIGKILL');
    expect(new Set((await Promise.all(answers)).map((views) => views[0]![0]!.join())).size).toBe(1);
    await expect.poll(() => pool.supervisor.pids.filter((pid) => !before.includes(pid)).length).toBe(1);
  });

  it('fails a photo whose process ends twice', async () => {
    await using pool = await started({ processes: 1 });
    const image = await leaf(1);
    const seen = new Set<number>();
    const answer = codeOf(pool.run(image, { views: Array(400_000).fill('plain') }));
    const killer = setInterval(() => {
      const [pid] = pool.supervisor.pids;
      const { up, working } = pool.supervisor.state;
      // Only one that has the photo.
      if (up + working < 2 || pid === undefined || seen.has(pid) || seen.size === 2) return;
      seen.add(pid);
      setTimeout(() => process.kill(pid, 'SIGKILL'), 50);
    }, 20);
    expect(await answer).toBe('INFERENCE_PROCESS_CRASHED');
    clearInterval(killer);
  });

  it('replaces a process that hangs; the late photo fails, those behind it do not', async () => {
    await using pool = await started({ processes: 1, deadlineMs: 1_500 });
    const image = await leaf(1);
    await pool.run(image);
    process.kill(pool.supervisor.pids[0]!, 'SIGSTOP');
    const late = codeOf(pool.run(image));
    await new Promise((resolve) => setTimeout(resolve, 700));
    const behind = pool.run(image);
    expect(await late).toBe('INFERENCE_DEADLINE_EXCEEDED');
    expect(await behind).toHaveLength(1);
  });

  it('says that an answer is not finite', async () => {
    await using pool = await started();
    expect(await codeOf(pool.run(await leaf(1), { fetches: ['broken'] }))).toBe('MODEL_ANSWERED_NAN');
  });

  it('drops a cancelled photo', async () => {
    await using pool = await started();
    const controller = new AbortController();
    const answer = codeOf(pool.run(await leaf(1), { views: Array(500).fill('plain') }, controller.signal));
    controller.abort();
    expect(await answer).toBe('CANCELLED');
    expect(await pool.run(await leaf(2))).toHaveLength(1);
  });

  it('refuses a graph that ONNX Runtime cannot load, and goes on', async () => {
    await using pool = await started();
    const bad = { ...meansGraph('bad'), bytes: new Uint8Array([1, 2, 3]) };
    expect(await codeOf(pool.supervisor.load(bad))).toBe('MODEL_LOAD_FAILED');
    expect(await codeOf(pool.run(await leaf(1), { graph: 'bad' }))).toBe('MODEL_NOT_LOADED');
    expect(await pool.run(await leaf(1))).toHaveLength(1);
  });

  it('keeps a graph until its last photo is answered', async () => {
    await using pool = await started({ processes: 1 });
    const image = await leaf(1);
    const open = Array.from({ length: 10 }, () => pool.run(image));
    pool.supervisor.unload('means');
    expect(await Promise.all(open)).toHaveLength(10);
    expect(await codeOf(pool.run(image))).toBe('MODEL_NOT_LOADED');
  });

  it('closes: refuses what waits, answers what runs, leaves no process', async () => {
    const pool = await started({ processes: 1 });
    const image = await leaf(1);
    const [pid] = pool.supervisor.pids;
    const answers = Array.from({ length: 30 }, () => codeOf(pool.run(image)));
    await pool.supervisor.close();
    const codes = await Promise.all(answers);
    expect(codes.at(-1)).toBe('INFERENCE_CLOSED');
    expect(codes[0]).toBe('undefined');
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
    expect(await codeOf(pool.run(image))).toBe('INFERENCE_CLOSED');
  });
});
