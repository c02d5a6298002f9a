import { describe, expect, it } from 'vitest';
import { type Script, scriptedChild } from '../../tests/support/scripted-child.ts';
import { askOnce } from './ask-once.ts';
import { Child, ProcessEnded } from './child.ts';
import { childEntry } from './child-entry.ts';
import { ForkedProcess } from './forked-process.ts';
import { Semaphore } from './semaphore.ts';

class Died extends Error {}

function ask<Answer>(script: Script, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<Answer> {
  return askOnce(scriptedChild, script, {
    timeoutMs: 20_000,
    died: ({ reason, stderr }) => new Died(`${reason} ${stderr}`.trim()),
    ...options,
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('it was fulfilled'),
    (error) => error,
  );
}

describe('askOnce', () => {
  it('returns what the handler returned, typed arrays included', async () => {
    expect(await ask({ kind: 'echo', value: Float32Array.of(1, 2) })).toEqual(Float32Array.of(1, 2));
  });

  it('throws the catalogue error that the handler threw, and any other as INTERNAL', async () => {
    expect(await rejection(ask({ kind: 'throw catalogue error' }))).toMatchObject({
      code: 'FILE_UNREADABLE',
      details: { path: '/x', reason: 'gone' },
    });
    expect(await rejection(ask({ kind: 'throw other error' }))).toMatchObject({
      code: 'INTERNAL',
      details: { reason: 'x is not a function' },
    });
  });

  it('tells how a process died, with the end of its stderr', async () => {
    expect(await rejection(ask({ kind: 'die' }))).toEqual(new Died('exit code 3 out of luck'));
  });

  it('kills a process that hangs', async () => {
    const late = await rejection(ask({ kind: 'spin' }, { timeoutMs: 800 }));
    expect(late).toEqual(new Died('no answer within 800 ms'));
  });

  it('kills a process whose request is aborted, and starts none when it was aborted before', async () => {
    const signal = AbortSignal.timeout(500);
    expect(await rejection(ask({ kind: 'spin' }, { signal }))).toMatchObject({ code: 'CANCELLED' });
    const start = performance.now();
    expect(await rejection(ask({ kind: 'spin' }, { signal }))).toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - start).toBeLessThan(100);
  });
});

describe('Child', () => {
  it('has several calls open at once, and rejects all of them when it ends', async () => {
    const child = new Child<Script>(scriptedChild);
    const slow = child.ask({ kind: 'echo', value: 'slow', afterMs: 200 });
    expect(await child.ask({ kind: 'echo', value: 'quick' })).toBe('quick');
    expect(await slow).toBe('slow');
    const open = [rejection(child.ask({ kind: 'spin' })), rejection(child.ask({ kind: 'echo', value: 1 }))];
    child.kill('no longer needed');
    for (const error of await Promise.all(open)) expect(error).toBeInstanceOf(ProcessEnded);
    expect(await child.ended).toEqual({ reason: 'no longer needed', stderr: '' });
    expect(await rejection(child.ask({ kind: 'echo', value: 1 }))).toBeInstanceOf(ProcessEnded);
  });

  it('keeps working after a call was cancelled', async () => {
    const child = new Child<Script>(scriptedChild);
    await child.started;
    const cancelled = child.ask({ kind: 'echo', value: 1, afterMs: 300 }, { signal: AbortSignal.timeout(20) });
    expect(await rejection(cancelled)).toMatchObject({ code: 'CANCELLED' });
    expect(await child.ask({ kind: 'echo', value: 2, afterMs: 400 })).toBe(2);
    expect(await child.stop()).toEqual({ reason: 'exit code 0', stderr: '' });
  });

  it('ends with its parent, also when that is killed', async () => {
    const parent = new Child<Script>(scriptedChild);
    const pid = await parent.ask<number>({ kind: 'fork' });
    expect(isAlive(pid)).toBe(true);
    parent.kill();
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });

  it('is ended by force when it does not end by itself', async () => {
    const child = new Child<Script>(scriptedChild);
    await child.started;
    const open = rejection(child.ask({ kind: 'spin' }));
    expect(await child.stop(100)).toEqual({ reason: 'signal SIGKILL', stderr: '' });
    expect(await open).toBeInstanceOf(ProcessEnded);
  });
});

it('reports a module that does not exist as ended', async () => {
  const { reason, stderr } = await new ForkedProcess(childEntry('./nowhere.ts', import.meta.url)).ended;
  expect([reason, stderr]).toEqual(['exit code 1', expect.stringContaining('nowhere.ts')]);
});

it('names the entry as the caller is built', () => {
  expect(childEntry('./worker.ts', 'file:///app/src/pool.ts').href).toBe('file:///app/src/worker.ts');
  expect(childEntry('./worker.ts', 'file:///app/dist/pool.js').href).toBe('file:///app/dist/worker.js');
});

it('a semaphore runs as many tasks at once as it has permits, in order of arrival, also past one that fails', async () => {
  const semaphore = new Semaphore(2);
  const started: number[] = [];
  const ends = [1, 2, 3, 4].map(() => Promise.withResolvers<void>());
  const done = ends.map(({ promise }, i) =>
    semaphore.run(async () => {
      started.push(i);
      await promise;
    }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  ends[1]!.reject(new Error('broken'));
  await expect(done[1]).rejects.toThrow('broken');
  await expect.poll(() => started).toEqual([0, 1, 2]);
  for (const { resolve } of ends) resolve();
  await Promise.all([done[0], done[2], done[3]]);
  expect(started).toEqual([0, 1, 2, 3]);
});
