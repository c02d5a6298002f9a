import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerModel } from '../../tests/support/register-model.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { advancePromotions } from '../actions/promotions/advance.ts';
import { createClient } from '../client/index.ts';
import { resolveConfig } from '../config/config.ts';
import { silentLogger } from '../contracts/logger.ts';
import { promotionPolicySchema } from '../contracts/loop/promotion.ts';
import type { OpenStore } from '../store/open-store.ts';

type Client = ReturnType<typeof createClient>;

let served: ServedApp;
let store: OpenStore;
let [reader, operator, admin]: Client[] = [];
const scratch = new ScratchFolder();
const policy = {
  replay: { requests: 0 },
  shadow: { requests: 0 },
  approvals: { beforeCanary: { role: 'admin' as const } },
};

beforeAll(async () => {
  served = await ServedApp.open([]);
  store = served.served.store;
  const client = (key: string) => createClient({ url: served.url, key });
  reader = client(served.key);
  operator = client(await served.makeKey('operate'));
  admin = client(await served.makeKey('admin'));
  for (let version = 1; version <= 3; version++)
    await registerModel(store, { name: 'leaf', uri: scratch.at(`model-${version}`), endpoint: 'leaf' });
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

const advance = () =>
  advancePromotions(resolveConfig({ flags: {}, env: {}, cwd: '/', isTty: false }), store, {
    now: new Date(),
    logger: silentLogger,
  });

describe('/api/v1/promotions', () => {
  it('starts, shows, waits for who may approve, and aborts', async () => {
    const started = await operator!.promotions.start({ endpoint: 'leaf', model: 'leaf@2', policy, why: 'newer data' });
    expect(started).toMatchObject({
      endpoint: 'leaf',
      version: 2,
      championVersion: 1,
      state: 'replaying',
      why: 'newer data',
    });
    await advance();
    const waiting = await operator!.promotions.get('leaf');
    expect(waiting).toMatchObject({
      id: started.id,
      state: 'waiting-for-approval',
      gate: 'beforeCanary',
      policy: { canary: { steps: [10, 50] }, alpha: 0.05 },
      now: { why: 'waiting for approval before the canary' },
    });
    await expect(operator!.promotions.approve(started.id)).rejects.toMatchObject({
      code: 'PROMOTION_ROLE_MISSING',
      status: 403,
    });
    await admin!.promotions.approve(started.id, { why: 'seen' });
    await expect(admin!.promotions.approve(started.id)).rejects.toMatchObject({ code: 'PROMOTION_ALREADY_SAID' });
    expect((await reader!.promotions.get(started.id).catch((error) => error)).code).toBe('ACCESS_DENIED');
    expect((await operator!.promotions.get(started.id)).approvals).toMatchObject([
      { verdict: 'approved', why: 'seen' },
    ]);
    const aborted = await operator!.promotions.abort(started.id, { why: 'no' });
    expect(aborted).toMatchObject({ state: 'aborted', why: 'no' });
    await expect(operator!.promotions.abort(started.id)).rejects.toMatchObject({
      code: 'PROMOTION_ENDED',
      status: 409,
    });
    const { items } = await admin!.audit.list();
    const audited = items
      .filter(({ action }) => action.startsWith('promotion.'))
      .map(({ action, subject }) => [action, subject]);
    expect(audited).toEqual(
      expect.arrayContaining(['start', 'approve', 'abort'].map((verb) => [`promotion.${verb}`, started.id])),
    );
  });

  it('lists in pages, of one endpoint, or those under way', async () => {
    const running = await operator!.promotions.start({ endpoint: 'leaf', model: 'leaf@3' });
    const first = await operator!.promotions.list({ limit: 1 });
    expect(first.items.map(({ id }) => id)).toEqual([running.id]);
    const rest = await operator!.promotions.list({ cursor: first.nextCursor! });
    expect(rest.items.map(({ state }) => state)).toEqual(['aborted']);
    expect((await operator!.promotions.list({ active: 'true' })).items.map(({ id }) => id)).toEqual([running.id]);
    expect((await operator!.promotions.list({ endpoint: 'other' })).items).toEqual([]);
    expect(await operator!.promotions.disagreements(running.id)).toEqual([]);
    await operator!.promotions.abort('leaf');
  });

  it('refuses what it cannot use', async () => {
    const headers = { 'x-api-key': await served.makeKey('operate') };
    const start = (payload: object) => served.ask('POST', '/api/v1/promotions', { headers, payload });
    for (const [payload, status] of [
      [{}, 400],
      [{ endpoint: 'leaf', policy: { canary: { steps: [50, 10] } } }, 400],
      [{ endpoint: 'leaf', policy: { alpha: 2 } }, 400],
      [{ endpoint: 'leaf', policy: { replay: { requests: 1e9 } } }, 400],
      [{ endpoint: '../etc', model: 'leaf@2' }, 400],
      [{ endpoint: 'nowhere', model: 'leaf@2' }, 404],
      [{ endpoint: 'leaf', model: 'leaf@99' }, 404],
      [{ endpoint: 'leaf', model: 'leaf@1' }, 409],
    ] as const)
      expect((await start(payload)).statusCode, JSON.stringify(payload)).toBe(status);
    expect((await served.ask('POST', '/api/v1/promotions', { payload: { endpoint: 'leaf' } })).statusCode).toBe(403);
    const unknown = await served.ask('GET', `/api/v1/promotions/${randomUUID()}`, { headers });
    expect([unknown.statusCode, unknown.json().error.code]).toEqual([404, 'PROMOTION_UNKNOWN']);
    const picture = await served.ask('GET', '/api/v1/promotions/leaf/disagreements.png', { headers });
    expect([picture.statusCode, picture.json().error.code]).toEqual([404, 'PROMOTION_NOTHING_TO_SHOW']);
  });
});

describe('a push with a promotion', () => {
  const promotion = promotionPolicySchema.parse(policy);
  const active = () => store.promotions.list({ endpoint: 'pushed', active: true });

  it('takes an endpoint that answers nothing at once; later versions are put on their way, the newest alone', async () => {
    const push = (n: number) =>
      registerModel(store, { name: 'pushed', uri: scratch.at(`pushed-${n}`), endpoint: 'pushed', promotion });
    await push(1);
    expect(await active()).toEqual([]);
    expect((await store.endpoints.getEndpoint('pushed'))!.deployments).toMatchObject([{ version: 1, role: 'stable' }]);
    await push(2);
    expect(await active()).toMatchObject([{ version: 2, championVersion: 1, policy: promotion, who: 'test' }]);
    await push(2);
    expect(await active()).toHaveLength(1);
    await push(3);
    expect(await active()).toMatchObject([{ version: 3 }]);
    expect((await store.promotions.list({ endpoint: 'pushed' })).map(({ state }) => state)).toEqual([
      'replaying',
      'superseded',
    ]);
    // the version that answers already is not to be promoted
    await push(1);
    expect(await active()).toMatchObject([{ version: 3 }]);
  });
});
