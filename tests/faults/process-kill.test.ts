import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf } from '../e2e/cli.ts';
import { ProcessTree, parts } from './process-tree.ts';

/** Once it cannot be read, the database does not start. */
const control = 'db/global/pg_control';
let tree: ProcessTree;
beforeAll(async () => {
  tree = await ProcessTree.open();
  await tree.running.stderrHas('worker ready');
  tree.load(4);
}, 180_000);
afterAll(async () => await tree[Symbol.asyncDispose]());

describe.skipIf(process.platform !== 'linux')('a process of mitate up that is killed under load', () => {
  it.each(parts.filter((part) => part !== 'server'))('comes back: %s', async (part) => {
    const before = tree.answered.length;
    await tree.kill(part);
    await expect.poll(() => tree.answered.length, { timeout: 10_000 }).toBeGreaterThan(before + 10);
    const ready = await fetch(`${tree.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, problems: [] }]);
  }, 60_000);

  it('comes back when it is started again: server; nothing that was answered is lost or wrong', async () => {
    await tree.kill('server');
    const before = tree.answered.length;
    await expect.poll(() => tree.answered.length, { timeout: 10_000 }).toBeGreaterThan(before + 10);
    await tree.rest();
    expect(await tree.lost()).toEqual([]);
    expect(tree.wrong).toBe(0);
    // predictions need no database, and a killed inference process costs none
    expect([...tree.failed.keys()].filter((code) => code !== 'no connection' && code !== 'SERVICE_STARTING')).toEqual(
      [],
    );
  }, 60_000);

  it('ends the server, non-zero and with the reason in its log, when it cannot come back: database', async () => {
    await tree.start();
    const path = tree.sandbox.at(`.mitate/${control}`);
    const whole = readFileSync(path);
    writeFileSync(path, 'damaged');
    process.kill(tree.pids('database')[0]!, 'SIGKILL');
    const { code, stderr } = await tree.running.ended;
    writeFileSync(path, whole);
    expect(code).toBe(1);
    expect(stderr).toContain('embedded database does not start');
    expect(errorOf({ code, stderr, stdout: '' }).code).toBe('DATABASE_STOPPED');
  }, 60_000);
});
