import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../src/math/stats/random.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Figure } from '../figure.ts';
import { load } from '../load/load.ts';
import { BenchServer } from './server.ts';
import { type Setting, saturatingClients } from './setting.ts';

/** Kills the server under load; afterwards each answer that a client got must be in the log exactly once. */
export async function kills(setting: Setting): Promise<Figure[]> {
  const workspace = await setting.copy();
  const rounds = setting.scaled(50, 3);
  const random = new Random(1);
  const answered: string[] = [];
  let port = 0;
  for (let round = 0; round < rounds; round++) {
    const server = await BenchServer.start({ ...setting.options, profile: null, workspace, port });
    port = server.port;
    const loading = load({
      ...setting.predictions(server),
      arrivals: { kind: 'closed', clients: saturatingClients },
      seconds: 4,
      timeoutMs: 3_000,
      readAnswers: true,
    });
    await sleep(1_500 + 1_500 * random.float());
    await server.kill();
    const { answers } = await loading;
    answered.push(...answers.map(({ id }) => id));
    setting.log(`kill ${round + 1}: ${answers.length} answers`);
  }
  const { lost, twice } = await compare(setting, workspace, answered);
  return [
    {
      what: `kill -9 of the server under load, ${rounds} times: answered photos missing from the log; logged twice`,
      got: `${lost}, ${twice} of ${answered.length}`,
      toReach: '0, 0',
      met: lost === 0 && twice === 0 && answered.length > 0,
      note: 'the cut and flipped journal, and the database without its last writes, are tests (src/serving/journal)',
    },
  ];
}

/** After a last start, which replays the journal. */
async function compare({ options }: Setting, workspace: string, answered: readonly string[]) {
  const server = await BenchServer.start({ ...options, profile: null, workspace });
  await server[Symbol.asyncDispose]();
  await using store = await openStore({ workspace });
  const { rows } = await store.connection.pool.query<{ id: string; count: number }>(
    'select public_id as id, count(*)::int as count from fact_requests group by public_id',
  );
  const logged = new Map(rows.map(({ id, count }) => [id, count]));
  return {
    lost: answered.filter((id) => !logged.has(id)).length,
    twice: rows.filter(({ count }) => count > 1).length,
  };
}
