/**
 * `npm run prepare`: assets/backbones/*.onnx out of the npm package nsfwjs and, where pip is, a Python wheel; assets/database/ (an empty database)
 * out of PGlite; dist/ out of src/; then dist/console out of console/. Quick when nothing changed; also run by
 * `npm ci` and before the tests. What it writes appears by rename, and a second run at the same time waits for the first.
 */
import { fileURLToPath } from 'node:url';
import { prepareBackbones } from './prepare/backbones.ts';
import { prepareConsole } from './prepare/console.ts';
import { prepareDatabase } from './prepare/database.ts';
import { prepareDist } from './prepare/dist.ts';
import { withLock } from './prepare/lock.ts';
import { prepareWeights } from './prepare/weights.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

await withLock(root, async () => {
  for (const [what, prepare] of [
    ['assets/backbones', prepareBackbones],
    ['assets/backbones, fetched', prepareWeights],
    ['assets/database', prepareDatabase],
    ['dist', prepareDist],
    ['dist/console', prepareConsole],
  ] as const) {
    const start = performance.now();
    const { changed, problem, note } = await prepare(root);
    if (problem !== undefined) {
      console.error(`prepare: ${what}: ${problem}`);
      process.exitCode = 1;
    } else if (note !== undefined) console.log(`prepare: ${note}`);
    else if (changed) console.log(`prepare: ${what} built in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
});
