import { mkdirSync, symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { mayTouch, realStart } from './may-touch.ts';

it.each([
  ['/w/ws1', true],
  ['/w/ws{SPAN}', true],
  ['/w/ws{SPAN}/data/other', true],
  ['/w/{SPAN}/data', false],
  ['/w/ws{VERSION:2}', true],
  ['/{SPAN}', false],
  ['/w', true],
  ['/', true],
  ['/w/ws12', false],
  ['/w/ws1x/{SPAN}', false],
  ['/v/ws1', false],
])('%s may touch /w/ws1: %j', (pattern, touches) => expect(mayTouch(pattern, '/w/ws1')).toBe(touches));

it('follows the links of the part that exists (a pattern through a link was taken for a path of its own)', () => {
  using folder = new ScratchFolder();
  mkdirSync(folder.at('workspace'));
  symlinkSync(folder.at('workspace'), folder.at('link'));
  const path = realStart(folder.at('link/data/span-{SPAN}'));
  expect(path).toBe(realStart(folder.at('workspace/data/span-{SPAN}')));
  expect(mayTouch(path, realStart(folder.at('workspace')))).toBe(true);
});
