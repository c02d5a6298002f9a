// Exports a span of what is labelled, as a trigger does, and says so. Arguments: workspace, folder of the pipelines.

import { exportFlywheel } from '../../src/actions/datasets/flywheel/export.ts';
import { openStore } from '../../src/store/open-store.ts';
import { tester } from '../support/tester.ts';

const [workspace = '', pipelines = ''] = process.argv.slice(2);
await using store = await openStore({ workspace, attach: true });
process.stdout.write('begins\n');
const policy = { to: 'spans', endpoint: 'leaf' };
await exportFlywheel({ pipelines }, store, policy, { now: new Date(), actor: tester });
process.stdout.write('done\n');
