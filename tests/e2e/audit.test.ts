import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { paths } from '../../src/contracts/api/paths.ts';
import { type AuditEntry, auditedActions } from '../../src/contracts/audit.ts';
import { type Case, cases } from '../support/audited/cases.ts';
import { serveForCases } from '../support/audited/serve-for-cases.ts';
import { type Door, type HttpAsk, World } from '../support/audited/world.ts';
import type { Receiver } from '../support/receiver.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import type { ServedApp } from '../support/served-app.ts';
import { tableDigests } from '../support/table-digests.ts';

const pipeline = `
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineComponent, definePipeline, param, z } from 'mitate';
const note = defineComponent({
  spec: { name: 'Note', version: '1', inputs: {}, outputs: { examples: { type: 'Examples' } }, parameters: z.object({ text: z.string() }) },
  run: async ({ outputs, parameters }) => { await writeFile(join(outputs.examples, 'text'), parameters.text); return {}; },
});
export default definePipeline('notes', { text: param.string() }, ({ text }) => { note({ text }); });
`;

const folder = new ScratchFolder();
const cwd = process.cwd();
let served: ServedApp;
let hooks: Receiver;
let worlds: Record<Door, World>;
/** `POST /api/v1/...` of each case, and the words of each command. */
const asked: string[] = [];
const commanded: string[] = [];

beforeAll(async () => {
  const opened = await serveForCases(folder);
  ({ served, hooks } = opened);
  const { uris } = opened;
  folder.write('package.json', '{"type":"module"}');
  folder.write('notes.ts', pipeline);
  const { dir } = served.served.store.workspace;
  const there = { workspace: dir, project: 'through-cli', stage: 'test' };
  folder.write('mitate.config.mjs', `export default { environments: { there: ${JSON.stringify(there)} } };`);
  process.chdir(folder.path);
  worlds = {
    cli: await World.open('cli', served, folder, uris),
    http: await World.open('http', served, folder, uris),
  };
  await served.served.service.refresh();
}, 240_000);
afterAll(async () => {
  process.chdir(cwd);
  vi.unstubAllEnvs();
  await served[Symbol.asyncDispose]();
  await hooks[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** The one row that an act wrote. */
async function rowOf(action: string, one: Case, world: World): Promise<AuditEntry> {
  const { access } = served.served.store;
  await one.before?.(world);
  const [newest] = await access.listAudit({ limit: 1 });
  if (world.door === 'cli') {
    const args = one.cli!(world);
    commanded.push(args.join(' '));
    await (one.isSpawned ? world.spawn(args) : world.mitate(args, one.input));
  } else {
    const ask = await one.http!(world);
    asked.push(`${ask.method ?? 'POST'} ${ask.url.split('?')[0]}`);
    await requireNoChangeWithoutRow(world, ask);
    await world.ask(await one.http!(world));
  }
  await one.after?.(world);
  const rows = await access.listAudit({ project: one.project ?? world.project, limit: 50 });
  const fresh = rows.filter((row) => row.seq > (newest?.seq ?? 0) && row.action === action);
  expect(fresh, `${action} through ${world.door}`).toHaveLength(1);
  return fresh[0]!;
}

/** A process that is killed between a change and its row leaves neither, since they are one transaction: so does a row that fails. */
async function requireNoChangeWithoutRow(world: World, ask: HttpAsk): Promise<void> {
  const { store, service } = served.served;
  const { pool } = store.connection;
  // what was put into the database behind the server's back is on its timeline
  await service.refresh();
  // a signature that was seen is used up, whatever came of it
  const except = ['audit_log', 'webhook_nonces'];
  const before = await tableDigests(store, { except });
  await pool.query(`create function refuse_row() returns trigger language plpgsql as $$ begin raise exception 'no row'; end $$;
    create trigger refuse_row before insert or update on audit_log for each row execute function refuse_row()`);
  try {
    await expect(world.ask(ask)).rejects.toThrow(': 500 ');
  } finally {
    await pool.query('drop trigger refuse_row on audit_log; drop function refuse_row()');
  }
  expect(await tableDigests(store, { except })).toEqual(before);
}

describe('each audited action', () => {
  const all = auditedActions.flatMap((action) => [cases[action]].flat().map((one) => [action, one] as const));

  it.each(all)(
    '%s writes the same row through each door, and does nothing without it',
    async (action, one) => {
      const rows = new Map<Door, AuditEntry>();
      for (const door of ['cli', 'http'] as const)
        if (one[door]) rows.set(door, await rowOf(action, one, worlds[door]));
      const plain = [...rows].map(([door, row]) => worlds[door].plain(row));
      expect(plain.length).toBeGreaterThan(0);
      for (const row of plain) expect(row).toEqual(plain[0]);
      if (rows.has('cli'))
        expect(rows.get('cli')).toMatchObject({ door: 'cli', who: expect.stringMatching(/^local:./), address: null });
      const http = rows.get('http');
      if (http) expect(http).toMatchObject({ door: 'http', address: '127.0.0.1', requestId: expect.any(String) });
    },
    60_000,
  );

  it('is all that routes can change: each of them was called', () => {
    const changing = Object.values(paths).filter(
      (path) =>
        !path.startsWith('GET ') &&
        !/:(predict|explain)$/.test(path) &&
        // 50,000 photos would be as many rows: that of `upload.finish` counts them
        path !== paths['uploads.add'],
    );
    const uncalled = changing.filter((path) => {
      const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/:]+')}$`);
      return !asked.some((ask) => pattern.test(ask));
    });
    // a link works once, and this test asks twice: tests/console/sign-in.test.ts
    expect(uncalled).toEqual([paths['sessions.signInByLink']]);
  });

  it('is all that commands can change: each other one only reads, or changes nothing that is somebody’s', async () => {
    const named = namesOf(await createProgram());
    const uncalled = named.filter((name) => !commanded.some((words) => words.startsWith(`${name} `)));
    expect(uncalled.filter((name) => !unaudited.some((each) => each.test(name)))).toEqual([]);
  });
});

/** Those that read; that make files; that run, serve or tick, whose traces are runs and timelines; and what sets up or saves a workspace. */
const unaudited = [
  /^(init|demo|quickstart|doctor|report|maturity|lineage|audit|models|predict|explain|evaluate|load-test|test-pipeline|compile)$/,
  / (list|show|at|validate|compare|behaviour|agreement|disputes|labellers|delay|grid|photos|dead|dry-run|export|dimensions)$/,
  /^(data|release send)/,
  // to the installation, not to a workspace
  /^backbone add$/,
  // the old name of review
  /^queue /,
  /^(run|step|runs retry|runs import|serve|up|worker|tick|log expire|gc|backup|restore)$/,
];

/** `monitor create`: of all commands without commands of their own. */
function namesOf(command: Command, above: readonly string[] = []): string[] {
  return command.commands.flatMap((each) => {
    const name = [...above, each.name()];
    return each.commands.length > 0 ? namesOf(each, name) : [name.join(' ')];
  });
}
