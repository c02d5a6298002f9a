import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { type Behaviour, highestValue } from '../contracts/loop/behaviour.ts';
import type { RequestRecord } from '../contracts/request-record.ts';

let served: ServedApp;
let operator: string;
let segment = 0;

beforeAll(async () => {
  served = await ServedApp.open([]);
  operator = await served.makeKey('operate');
});
afterAll(async () => await served[Symbol.asyncDispose]());

/** Answered photos that are in the log. @returns their ids */
async function answered(count: number, change: Partial<RequestRecord> = {}): Promise<string[]> {
  const rows = Array.from({ length: count }, () => requestRecord({ endpoint: 'leaf', ...change }));
  const lines = rows.map((row) => JSON.stringify({ ...row, imageKept: false }));
  await served.served.store.requests.ingest('behaviour', lines, { segment: ++segment, offset: 0 });
  return rows.map(({ publicId }) => publicId);
}

async function say(said: object | object[]) {
  const payload = { feedback: [said].flat() };
  const answer = await served.ask('POST', '/api/v1/feedback', { payload, headers: { 'x-api-key': served.key } });
  return { status: answer.statusCode, body: answer.json() };
}
const get = async (url: string) => (await served.ask('GET', url, { headers: { 'x-api-key': operator } })).json();
const behaviourAt = async (endpoint: string): Promise<Behaviour[]> =>
  (await get(`/api/v1/feedback/behaviour?endpoint=${endpoint}`)).items;
const event = (id: string, name: string, more: object = {}) => ({ id, kind: 'event', event: name, ...more });
const sold = (id: string, value: number, currency: string | null = 'EUR') => ({
  ...{ id, kind: 'business', event: 'sold', value },
  ...(currency && { currency }),
});

describe('what users did with predictions', () => {
  it('is counted per version and role, from the answer to the outcome', async () => {
    const endpoint = 'funnel';
    const stable = await answered(10, { endpoint, modelVersion: 1 });
    const canary = await answered(4, { endpoint, modelVersion: 2, role: 'canary' });
    await answered(3, { endpoint, modelVersion: 2, role: 'shadow', shadowOf: stable[0]! });
    await answered(2, { endpoint, modelVersion: 1, status: 503, label: null });
    for (const id of [...stable.slice(0, 6), ...canary]) await say(event(id, 'shown'));
    await say([
      ...stable.slice(0, 4).map((id) => event(id, 'accept', { decisionMs: 2_000 })),
      // the newest decision counts
      event(stable[4]!, 'accept'),
      event(stable[4]!, 'override', { decisionMs: 8_000 }),
      ...canary.slice(0, 3).map((id) => event(id, 'abandon')),
      sold(stable[0]!, 12.5),
      sold(stable[0]!, -2.5),
      { id: stable[0]!, kind: 'outcome', outcome: 'worse' },
      { id: stable[0]!, kind: 'outcome', outcome: 'helped' },
      { id: stable[1]!, kind: 'outcome', outcome: 'unchanged' },
    ]);
    const [first, second, ...more] = await behaviourAt(endpoint);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ model: 'leaf-health@1', role: 'stable', answered: 10, sessions: 6 });
    expect(first!.funnel).toMatchObject({
      seen: { count: 6, of: 10, share: 0.6 },
      acted: { count: 1, of: 10 },
      reported: { count: 2, of: 10 },
    });
    expect(first!.rates).toMatchObject({
      decided: { count: 5, of: 6 },
      accepted: { count: 4, of: 6 },
      overridden: { count: 1, of: 6 },
      retaken: { count: 0, of: 6, share: 0 },
    });
    // Wilson's of 4 of 6
    expect([first!.rates.accepted.low, first!.rates.accepted.high]).toEqual([
      expect.closeTo(0.3, 3),
      expect.closeTo(0.9032, 3),
    ]);
    expect(first!.helped).toMatchObject({ count: 1, of: 2 });
    expect(first!.decision).toMatchObject({ photos: 5, value: expect.closeTo((2 ** 4 * 8) ** (1 / 5), 6) });
    expect(first!.values).toMatchObject([{ currency: 'EUR', events: 2, sum: 10, perRequest: { value: 1 } }]);
    expect(second).toMatchObject({ model: 'leaf-health@2', role: 'canary', answered: 4, values: [] });
    expect(second!.rates).toMatchObject({ abandoned: { count: 3, of: 4 }, accepted: { count: 0, of: 4 } });
  });

  it('of one session is one observation: the interval of ten photos of one user is wider than of ten users', async () => {
    const decide = async (endpoint: string, sessionOf: (i: number) => string) => {
      const ids = await answered(40, { endpoint, modelVersion: 1 });
      await say(ids.map((id, i) => event(id, i % 20 < 10 ? 'accept' : 'retake', { session: sessionOf(i) })));
      const [{ sessions, rates }] = (await behaviourAt(endpoint)) as [Behaviour];
      return { sessions, width: rates.accepted.high! - rates.accepted.low! };
    };
    const alone = await decide('alone', (i) => `user ${i}`);
    const together = await decide('together', (i) => `user ${Math.floor(i / 10)}`);
    expect([alone.sessions, together.sessions]).toEqual([40, 4]);
    expect(together.width).toBeGreaterThan(2 * alone.width);
  });

  it('in two currencies has two sums, and values without one a third', async () => {
    const endpoint = 'currencies';
    const [one, two, three] = await answered(3, { endpoint, modelVersion: 1 });
    await say([sold(one!, 10), sold(two!, 1_500, 'JPY'), sold(three!, 5), sold(three!, 7, null)]);
    const [{ values }] = (await behaviourAt(endpoint)) as [Behaviour];
    expect(values.map(({ currency, sum, events }) => [currency, sum, events])).toEqual([
      ['EUR', 15, 2],
      ['JPY', 1_500, 1],
      [null, 7, 1],
    ]);
    expect(values[1]!.perRequest).toMatchObject({ value: 500 });
  });

  it('is timed from "shown" to the decision when the app does not measure it', async () => {
    const endpoint = 'timed';
    const [id] = await answered(1, { endpoint, modelVersion: 1 });
    await say(event(id!, 'shown'));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await say(event(id!, 'accept'));
    const [{ decision }] = (await behaviourAt(endpoint)) as [Behaviour];
    expect(decision).toMatchObject({ photos: 1, low: null });
    expect(decision!.value).toBeGreaterThan(0.02);
  });

  it('of a period counts by the time of the prediction, and of another project not at all', async () => {
    const endpoint = 'period';
    const [id] = await answered(1, { endpoint, modelVersion: 1 });
    await say(event(id!, 'accept'));
    expect((await get(`/api/v1/feedback/behaviour?endpoint=${endpoint}&to=2001-01-01T00:00:00Z`)).items).toEqual([]);
    expect(await served.served.store.forProject('other').feedback.behaviour({ endpoint })).toEqual([]);
  });

  it('stands in the report as its business section', async () => {
    const endpoint = 'reported';
    const ids = await answered(4, { endpoint, modelName: 'rose', modelVersion: null });
    await say([...ids.slice(0, 3).map((id) => event(id, 'accept')), sold(ids[0]!, 12.5), sold(ids[1]!, 900, 'JPY')]);
    const page = (await served.ask('GET', '/api/v1/report?last=1d', { headers: { 'x-api-key': operator } })).body;
    const business = page.slice(page.indexOf('<h2>Business</h2>'), page.indexOf('<h2>Drift</h2>'));
    const rows = business.split('<tr>').filter((row) => row.includes('<td>reported</td>'));
    const cells = rows.map((row) => [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell));
    expect(cells[0]).toEqual([
      'reported',
      'rose',
      'stable',
      '4',
      '3 (75.0 %)',
      '3 (100.0 %)',
      '3 (100.0 %)',
      '2 (50.0 %)',
      '0 (0.0 %)',
      '0',
    ]);
    expect(cells[1]!.slice(3, 5)).toEqual(['3', '100.0 % (43.9 to 100.0)']);
    expect(cells.slice(2).map((row) => row.slice(3, 6))).toEqual([
      ['EUR', '1', '12.50'],
      ['JPY', '1', '900.00'],
    ]);
  });

  it('is refused when it is about no prediction, or is not what it says', async () => {
    const [id] = await answered(1);
    const cases: [object, number, string][] = [
      [event(v7({ msecs: 1_700_000_000_000 }), 'accept'), 404, 'FEEDBACK_REQUEST_UNKNOWN'],
      [event('01890000-0000-7000-8000-000000000000', 'shown'), 404, 'FEEDBACK_REQUEST_UNKNOWN'],
      [sold(id!, 3, 'eur'), 400, 'HTTP_REQUEST_INVALID'],
      [sold(id!, 3, 'XYZ'), 400, 'HTTP_REQUEST_INVALID'],
      [{ id, kind: 'business', event: 'sold', currency: 'EUR' }, 400, 'HTTP_REQUEST_INVALID'],
      [sold(id!, 1e200), 400, 'HTTP_REQUEST_INVALID'],
      [sold(id!, -1e16), 400, 'HTTP_REQUEST_INVALID'],
      [event(id!, 'accept', { decisionMs: -1 }), 400, 'HTTP_REQUEST_INVALID'],
      [event(id!, 'shown', { decisionMs: 1 }), 400, 'HTTP_REQUEST_INVALID'],
      [event(id!, 'accept', { session: '' }), 400, 'HTTP_REQUEST_INVALID'],
      [{ id, kind: 'outcome', outcome: 'splendid' }, 400, 'HTTP_REQUEST_INVALID'],
    ];
    for (const [said, status, code] of cases) {
      const refused = await say(said);
      expect([refused.status, refused.body.error.code], JSON.stringify(said)).toEqual([status, code]);
    }
    // one bad entry refuses all
    expect((await say([event(id!, 'accept'), sold(id!, 3, 'XYZ')])).body.error.message).toContain('ISO 4217');
    expect((await get(`/api/v1/feedback?request=${id}`)).items).toEqual([]);
  });

  it('counts at the bound when an older version stored a value beyond it', async () => {
    const endpoint = 'priceless';
    const [id] = await answered(1, { endpoint });
    const at = new Date();
    const none = {
      label: null,
      truth: null,
      newClass: false,
      verdict: null,
      note: null,
      idempotencyKey: null,
    } as const;
    const said = { kind: 'business', event: 'sold', value: 1e200, source: 'api', who: 'test' } as const;
    await unaudited(served.served.store).feedback.add([
      { request: id!, endpoint, requestAt: at, at, ...said, ...none },
    ]);
    expect((await behaviourAt(endpoint))[0]!.values).toMatchObject([{ events: 1, sum: highestValue }]);
  });

  it('under one key in another currency is another value, and refused', async () => {
    const [id] = await answered(1);
    const once = async (currency: string) => {
      const payload = { feedback: [sold(id!, 3, currency)], idempotencyKey: 'sale-1' };
      return (await served.ask('POST', '/api/v1/feedback', { payload, headers: { 'x-api-key': served.key } }))
        .statusCode;
    };
    expect([await once('EUR'), await once('EUR'), await once('USD')]).toEqual([201, 201, 409]);
  });
});

describe('a link that asks whether the treatment helped', () => {
  it('records the outcome of its prediction, and can be changed later', async () => {
    const [id] = await answered(1);
    const { json } = await served.ask('POST', '/api/v1/feedback/links', {
      payload: { id, ask: 'outcome' },
      headers: { 'x-api-key': served.key },
    });
    const { path } = json() as { path: string };
    const open = (language: string) =>
      served.app.inject({ method: 'GET', url: path, headers: { 'accept-language': language } });
    expect((await open('en')).body).toContain('Did the treatment help?');
    expect((await open('ja')).body).toContain('処置の効果はありましたか？');
    const send = async (payload: string) =>
      (
        await served.app.inject({
          method: 'POST',
          url: path,
          payload,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).statusCode;
    const press = async (outcome: string) => await send(`outcome=${outcome}`);
    expect([await press('unchanged'), await press('helped'), await press('much')]).toEqual([200, 200, 400]);
    // it asks for no label, so it takes none
    expect([await send('label=unwell'), await send('says=wrong')]).toEqual([400, 400]);
    const { items } = await get(`/api/v1/feedback?request=${id}&kind=outcome`);
    expect(items.map(({ event, source }: { event: string; source: string }) => [event, source])).toEqual([
      ['helped', 'link'],
      ['unchanged', 'link'],
    ]);
    expect((await served.served.store.feedback.behaviourOf([id!])).get(id!)).toMatchObject({ outcome: 'helped' });
  });
});
