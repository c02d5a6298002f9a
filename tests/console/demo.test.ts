import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { browserPath, inEveryLook } from './browser.ts';
import { keyboardTests } from './demo/keyboard.ts';
import { modelTests } from './demo/models.ts';
import { DemoConsole } from './demo/open.ts';
import { pseudoTests } from './demo/pseudo.ts';
import { releaseTests } from './demo/release.ts';
import { runTests } from './demo/runs.ts';
import { demoScreens, pathOf, settled } from './demo/screens.ts';
import { trafficTests } from './demo/traffic.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 600_000 });

/** A week that the product lived through (`mitate demo`), in one browser. What a part changes, the next one finds. */
describe.skipIf(!browserPath)('the console of a demo', () => {
  let opened: DemoConsole;
  const open = () => opened;
  beforeAll(async () => {
    opened = await DemoConsole.open();
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  it.each(demoScreens)('$name looks right', async (screen) => {
    const { browser, ids } = opened;
    const path = pathOf(screen, ids);
    await inEveryLook(browser, { ...screen, path, ready: settled });
  });
  describe('in a language of brackets', () => pseudoTests(open));
  describe('models', () => modelTests(open));
  describe('runs', () => runTests(open));
  describe('a release', () => releaseTests(open));
  describe('by keyboard alone', () => keyboardTests(open));
  describe('traffic', () => trafficTests(open));
});
