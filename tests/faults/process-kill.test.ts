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

async function readiness(): Promise<unknown> {
  const answer = await fetch(`${tree.url}/readyz`);
  return [answer.status, await answer.json()];
}

describe.skipIf(process.platform !== 'linux')('a process of mitate up that is killed under load', () => {
  it.each(parts.filter((part) => part !== 'server'))('comes back: %s', async (part) => {
    const before = tree.answered.length;
    await tree.kill(part);
    await expect.poll(() => tree.answered.length, { timeout: 10_000 }).toBeGreaterThan(before + 10);
    // it looks each second
    await expect.poll(readiness, { timeout: 5_000 }).toEqual([200, { ready: true, problems: [] }]);
  }, 60_000);

  it('comes back when it is started again: server; nothing that was answered is lost or wrong', async () => {
    await tree.kill('server');
    const before = tree.answered.length;
    await expect.poll(() => tree.answered.length, { timeout: 10_000 }).toBeGreaterThan(before + 10);
    expect(await tree.stop()).toMatchObject({ lost: [], code: 0 });
    expect(tree.wrong).toBe(0);
    // predictions need no database, and a killed inference process costs none
    const expected = ['no connection', 'SERVICE_STARTING', 'SERVICE_DRAINING'];
    expect([...tree.failed.keys()].filter((code) => !expected.includes(code))).toEqual([]);
  }, 60_000);

  it('ends the server, non-zero and with the reason in its log, when it cannot come back: database', async () => {
    await tree.start();
    const path = tree.sandbox.at(`.mitate/${control}`);
    const whole = readFileSync(path);
    writeFileSync(path, 'damaged');
    process.kill(tree.pids('database')[0]!, 'SIGKILL');
    // predictions need no database for a while
    const problems = [expect.objectContaining({ part: 'database', code: 'DATABASE_STOPPED' })];
    await expect.poll(readiness, { timeout: 5_000 }).toEqual([200, { ready: true, problems }]);
    expect(await tree.gauge('mitate_database_up')).toBe(0);
    const { code, stderr } = await tree.running.ended;
    writeFileSync(path, whole);
    expect(code).toBe(1);
    expect(stderr).toContain('embedded database does not start');
    expect(errorOf({ code, stderr, stdout: '' }).code).toBe('DATABASE_STOPPED');
  }, 60_000);
});
