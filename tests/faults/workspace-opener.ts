import { setTimeout as wait } from 'node:timers/promises';
import { isMitateError } from '../../src/errors/index.ts';
import { openStore } from '../../src/store/open-store.ts';

/** Forked by new-workspace.test.ts: a command that looks, or a server that stays for a second. */
const [workspace, kind] = process.argv.slice(2) as [string, 'look' | 'serve'];
try {
  const serves = kind === 'serve';
  await using store = await openStore({ workspace, attach: serves ? 'server' : true, serves });
  await store.listRuns();
  if (serves) await wait(1_000);
  process.send!('opened');
} catch (error) {
  process.send!(isMitateError(error) ? error.code : String(error));
}
process.disconnect();
