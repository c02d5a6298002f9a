import { describe, expect, it } from 'vitest';
import { ConsoleChunks } from '../support/console-chunks.ts';

/** Compressed kB, as built. */
describe('the pages load', () => {
  const chunks = new ConsoleChunks();

  it('at most 90 kB of scripts for Diagnose, 160 for the shell of the console', () => {
    expect(chunks.scripts(chunks.withImports('diagnose.html'))).toBeLessThanOrEqual(90);
    expect(chunks.scripts(chunks.shell)).toBeLessThanOrEqual(160);
  });

  it('at most 45 kB more for each screen, beside at most 90 for the parts that screens share', () => {
    expect(chunks.screens.length).toBeGreaterThan(0);
    for (const { screen, own } of chunks.ownOfScreens) expect(chunks.scripts(own), screen).toBeLessThanOrEqual(45);
    expect(chunks.scripts(chunks.sharedByScreens)).toBeLessThanOrEqual(90);
  });

  it('at most 18 kB of styles with any screen', () => {
    for (const screen of chunks.screens)
      expect(chunks.styles([...chunks.shell, ...chunks.withImports(screen)]), screen).toBeLessThanOrEqual(18);
  });
});
