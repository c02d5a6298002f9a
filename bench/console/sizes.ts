import { ConsoleChunks } from '../../tests/support/console-chunks.ts';
import type { Figure } from '../figure.ts';

/** Compressed bytes, as built. */
export function sizes(): Figure[] {
  const chunks = new ConsoleChunks();
  const largest = chunks.ownOfScreens
    .map(({ screen, own }) => ({ screen: screen.split('/')[1]!, kB: chunks.scripts(own) }))
    .sort((a, b) => b.kB - a.kB)[0]!;
  const styles = chunks.screens.map((screen) => chunks.styles([...chunks.shell, ...chunks.withImports(screen)]));
  return [
    atMost('scripts of Diagnose', chunks.scripts(chunks.withImports('diagnose.html')), 90),
    atMost('scripts of the shell', chunks.scripts(chunks.shell), 160),
    {
      ...atMost('scripts of the largest screen, beside those that screens share', largest.kB, 45),
      note: largest.screen,
    },
    atMost('scripts that screens share', chunks.scripts(chunks.sharedByScreens), 90),
    atMost('styles with any screen', Math.max(...styles), 18),
  ];
}

const atMost = (what: string, kB: number, most: number): Figure => ({
  what,
  got: `${kB.toFixed(1)} kB`,
  toReach: `<= ${most} kB`,
  met: kB <= most,
});
