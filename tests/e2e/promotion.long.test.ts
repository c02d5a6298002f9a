import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import type { ApiPromotion, StartPromotion } from '../../src/contracts/api/promotions.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readServerFile } from '../../src/store/workspace/server-file.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { registerModel } from '../support/register-model.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { sourceFlags } from '../support/source-flags.ts';
import { trainedModels } from '../support/trained-models.ts';
import { unaudited } from '../support/unaudited.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const scratch = new ScratchFolder();
const workspace = scratch.at('workspace');
const processes = new Set<ChildProcess>();

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [...sourceFlags, main, ...args, '--workspace', workspace], {
    env: { ...process.env, MITATE_PROCESSES: '1' },
    stdio: 'ignore',
  });
  processes.add(child);
  child.once('exit', () => processes.delete(child));
  return child;
}

async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await sleep(100);
  }
}

describe('a promotion beside a server with traffic', () => {
  let client: Client;
  const stop = new AbortController();
  let traffic: Promise<void>;

  beforeAll(async () => {
    const good = await trainedModels(scratch.at('good'), 2);
    const [inverted] = await trainedModels(scratch.at('inverted'), 1, 60, {
      kind: 'question',
      positive: 'unwell',
      negative: 'healthy',
      negativePattern: { source: '^(?!.*healthy)', flags: 'i' },
    });
    {
      await using store = await openStore({ workspace });
      for (const uri of [...good, inverted!]) await registerModel(store, { name: 'leaf', uri, endpoint: 'leaf' });
      const images = { policy: 'all', share: 1 } as const;
      await unaudited(store).endpoints.setEndpoint('leaf', { images }, { who: 'test', why: 'test' });
    }
    start('serve', '--port', '0');
    const { url, token } = await until(async () => readServerFile(workspace));
    client = createClient({ url, key: token });
    start('worker');
    // nearly all unwell: the answers' shares tell the two models apart
    const photos = (await drawnPhotos(60, { seed: 3 })).filter(({ label }, i) => !label.includes('healthy') || i < 8);
    traffic = send(photos.map(({ bytes }) => new Blob([new Uint8Array(bytes)])));
  }, 120_000);
  afterAll(async () => {
    stop.abort();
    await traffic;
    const ends = [...processes].map(async (child) => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    await Promise.all(ends);
    scratch[Symbol.dispose]();
  });

  /** Some ten photos a second, one after the other, until the end. */
  async function send(photos: readonly Blob[]): Promise<void> {
    for (let i = 0; !stop.signal.aborted; i++) {
      await client.predict('leaf', [photos[i % photos.length]!]).catch(() => {});
      await sleep(30);
    }
  }

  const begin = (model: string, policy: StartPromotion['policy']) =>
    client.promotions.start({ endpoint: 'leaf', model, policy });
  const ofState = (id: string, ...states: ApiPromotion['state'][]) =>
    until(async () => {
      const promotion = await client.promotions.get(id);
      return states.includes(promotion.state) && promotion;
    });

  it('rolls back a canary that answers the opposite, whose traffic goes back to the champion', async () => {
    const none = { requests: 0 };
    const { id } = await begin('leaf@3', {
      replay: none,
      shadow: none,
      canary: { steps: [50], requestsAStep: 10_000 },
    });
    const back = await ofState(id, 'rolled-back', 'promoted', 'rejected', 'superseded');
    expect(back).toMatchObject({ state: 'rolled-back', why: expect.stringMatching(/^disagreement: /) });
    const { deployments } = await client.endpoints.get('leaf');
    expect(deployments).toMatchObject([{ version: 1, role: 'stable', traffic: 100 }]);
  }, 120_000);

  it('promotes one that is as good, through replay, shadow and canary, once, though its worker is killed on the way', async () => {
    const { id } = await begin('leaf@2', {
      replay: { requests: 20, maxDisagreement: 1 },
      shadow: { requests: 15, maxDisagreement: 1 },
      canary: { steps: [50], requestsAStep: 20 },
    });
    await ofState(id, 'shadow', 'canary');
    for (const child of processes) if (child.spawnargs.includes('worker')) child.kill('SIGKILL');
    start('worker');
    const promoted = await ofState(id, 'promoted', 'rolled-back', 'rejected', 'superseded');
    expect(promoted.decisions.map(({ state }) => state)).toEqual(['replaying', 'shadow', 'canary', 'promoted']);
    const { items } = await client.endpoints.timeline('leaf', { limit: 100 });
    expect(items.filter(({ action }) => action === 'promote')).toHaveLength(1);
    expect((await client.models.get('leaf@champion')).version).toMatchObject({ version: 2 });
  }, 180_000);
});
