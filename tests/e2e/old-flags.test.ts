import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Monitor } from '../../src/contracts/loop/monitor.ts';
import type { Trigger } from '../../src/contracts/loop/trigger.ts';
import { errorOf, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
const pipeline = fileURLToPath(new URL('../faults/small.pipeline.ts', import.meta.url));

beforeAll(async () => {
  await sandbox.json('endpoint', 'create', 'leaf');
}, 60_000);
afterAll(() => sandbox[Symbol.dispose]());

describe('flags of 0.1, which work until 0.3, do what the new ones do', () => {
  it('--parameters of a monitor: --param', async () => {
    const create = async (name: string, ...flags: string[]) => {
      const kind = ['--endpoint', 'leaf', '--kind', 'image-properties'];
      return (await sandbox.json<Monitor>('monitor', 'create', name, ...kind, ...flags))[0]!.parameters;
    };
    const expected = { properties: ['width', 'height'] };
    expect(await create('new', '--param', 'properties=width,height')).toEqual(expected);
    expect(await create('old', '--parameters', '{"properties":["width","height"]}')).toEqual(expected);
    const flags = ['--endpoint', 'leaf', '--kind', 'latency', '--param', 'maxMS=5'];
    const wrong = await sandbox.mitate('monitor', 'create', ...flags, '--json');
    expect(errorOf(wrong)).toMatchObject({ code: 'MONITOR_INVALID', message: expect.stringContaining('maxMS') });
  }, 60_000);

  it('--flywheel of a trigger: --flywheel-output and the others', async () => {
    const create = async (name: string, ...flags: string[]) => {
      const own = ['--pipeline', pipeline, '--demand'];
      return (await sandbox.json<Trigger>('trigger', 'create', name, ...own, ...flags))[0]!.flywheel;
    };
    const made = await create('new', '--flywheel-output', 'spans', '--flywheel-endpoint', 'leaf');
    expect(made).toMatchObject({ to: sandbox.at('spans'), endpoint: 'leaf', minNew: 1, verdicts: true });
    expect(await create('old', '--flywheel', '{"to":"spans","endpoint":"leaf"}')).toEqual(made);
  }, 60_000);

  it('--last of what is counted: --limit', async () => {
    for (const flag of ['--limit', '--last']) {
      expect(await sandbox.json('flywheel', 'show', flag, '5')).toEqual([]);
      expect(await sandbox.json('monitor', 'show', 'new', flag, '5')).toMatchObject([{ results: [] }]);
      expect(await sandbox.json('trigger', 'show', 'new', flag, '5')).toMatchObject([{ firings: [] }]);
    }
    const wrong = await sandbox.mitate('trigger', 'show', 'new', '--last', 'x');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--last')]);
  }, 60_000);

  it('--image of "log erase": --photo; --from of "golden add": --images; --time of "load-test": --for', async () => {
    const codeOf = async (...args: string[]) => errorOf(await sandbox.mitate(...args, '--json')).code;
    for (const flag of ['--photo', '--image'])
      expect(await codeOf('log', 'erase', '--why', 'test', flag, 'none.jpg')).toBe('FILE_UNREADABLE');
    for (const flag of ['--images', '--from'])
      expect(await codeOf('golden', 'add', 'held', flag, 'none')).toBe('SOURCE_NOT_FOUND');
    for (const flag of ['--for', '--time'])
      expect(await codeOf('load-test', 'leaf', flag, '1s')).toBe('SERVER_UNREACHABLE');
  }, 60_000);

  it('--to of "flywheel export": --output', async () => {
    for (const flag of ['-o', '--output', '--to'])
      expect(await sandbox.json('flywheel', 'export', '--endpoint', 'leaf', flag, 'spans')).toMatchObject([
        { span: null, photos: 0 },
      ]);
    const without = await sandbox.mitate('flywheel', 'export', '--endpoint', 'leaf');
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('--output')]);
  }, 60_000);
});
