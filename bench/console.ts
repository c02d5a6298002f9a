import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mitate } from './command.ts';
import { diagnose } from './console/diagnose.ts';
import { manyPhotos } from './console/many-photos.ts';
import { manyRequests } from './console/many-requests.ts';
import { withServer } from './console/measured-server.ts';
import { mainScreens, timesOf } from './console/screens.ts';
import { sizes } from './console/sizes.ts';
import type { Bench, BenchContext, Figure } from './figure.ts';

const subjects = {
  sizes: async () => sizes(),
  diagnose: async (context) => diagnose(await demo(context), context),
  screens: async (context) => {
    const { options, log } = context;
    return await withServer(await demo(context), options, (browser) =>
      timesOf(browser, mainScreens, { of: 'the demo', most: 1_500, log }),
    );
  },
  photos: manyPhotos,
  requests: manyRequests,
} satisfies Record<string, (context: BenchContext) => Promise<Figure[]>>;

/** What `mitate demo` fills: once, and kept with `--workspace`. */
async function demo({ scratch, options, log }: BenchContext): Promise<string> {
  const workspace = join(options.workspace ?? scratch, 'demo', 'workspace');
  if (!existsSync(workspace)) {
    log('filling the workspace of the demo');
    await mitate(['demo', '--workspace', workspace]);
  }
  return workspace;
}

export const bench: Bench = {
  name: 'console',
  about:
    'The console and Diagnose in Chromium at a fourth of the processor, with 10 Mbit/s and 40 ms, from `mitate serve` on the same cores. Medians of 5',
  async run(context) {
    const { only } = context.options;
    const unknown = only.filter((name) => !(name in subjects));
    if (unknown.length > 0)
      throw new Error(`no subject "${unknown.join(', ')}"; there are: ${Object.keys(subjects).join(', ')}`);
    const figures: Figure[] = [];
    for (const [name, measure] of Object.entries(subjects)) {
      if (only.length > 0 && !only.includes(name)) continue;
      context.log(`- ${name}`);
      figures.push(...(await measure(context)));
    }
    return figures;
  },
};
