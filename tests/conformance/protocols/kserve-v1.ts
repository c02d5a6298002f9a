import { beforeAll, expect, it } from 'vitest';
import type { PredictResponse } from '../../../src/contracts/served-prediction.ts';
import type { ServedApp } from '../../support/served-app.ts';
import { unaudited } from '../../support/unaudited.ts';
import { b64, exchange, type Fixture, jpeg, json } from './fixture.ts';

/** KServe, "Data Plane (V1)"; TensorFlow Serving, "RESTful API": row format, and binary values as {"b64"}. */
export function kserveV1Suite(fixture: Fixture): void {
  let [api, photos] = [] as unknown as [ServedApp, Uint8Array[]];
  beforeAll(() => {
    ({ api, photos } = fixture);
  });
  const native = async (photo: Uint8Array) => {
    const response = await api.ask('POST', '/api/v1/endpoints/leaf:predict', jpeg(photo));
    return response.json<PredictResponse>().predictions[0]!.probability;
  };
  const instances = (...of: Uint8Array[]) => of.map((photo) => ({ image: { b64: b64(photo) } }));

  it('List Models, Model Ready', async () => {
    const list = await api.ask('GET', '/v1/models');
    expect([list.statusCode, list.body]).toEqual([200, '{"models":["leaf"]}']);
    const ready = await api.ask('GET', '/v1/models/leaf');
    expect([ready.statusCode, ready.body]).toEqual([200, '{"name":"leaf","ready":true}']);
    expect((await api.ask('GET', '/v1/models/nothing')).statusCode).toBe(404);
    await unaudited(api.served.store).endpoints.createEndpoint('empty', { who: 'test', why: 'test' });
    await api.served.service.refresh();
    const empty = await api.ask('GET', '/v1/models/empty');
    expect([empty.statusCode, empty.body]).toEqual([503, '{"name":"empty","ready":false}']);
    await unaudited(api.served.store).endpoints.deleteEndpoint('empty', { who: 'test', why: 'test' });
    await api.served.service.refresh();
    expect((await api.app.inject({ method: 'GET', url: '/v1/models' })).statusCode).toBe(401);
  });

  it('Predict: the documented request, byte for byte', async () => {
    const head = `
      POST /v1/models/leaf:predict HTTP/1.1
      Host: leaf.default.example.com
      User-Agent: curl/8.5.0
      Accept: */*
      Content-Type: application/json
      Content-Length: <length>`;
    const body = `{ "instances": [ { "image": { "b64": "${b64(photos[0]!)}" }, "caption": "seaside" } ] }`;
    const { status, headers, body: answer } = await exchange(api, head, body);
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(answer.toString())).toEqual({
      predictions: [expect.objectContaining({ probability: await native(photos[0]!), label: expect.any(String) })],
    });
  });

  it('Predict: one prediction an instance, also as "inputs", also as curl sends it without a type', async () => {
    const expected = [await native(photos[0]!), await native(photos[1]!)];
    const ways = [
      json({ instances: instances(photos[0]!, photos[1]!) }),
      json({ inputs: instances(photos[0]!, photos[1]!) }),
      {
        payload: JSON.stringify({ instances: [{ b64: b64(photos[0]!) }, b64(photos[1]!)] }),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ];
    for (const way of ways) {
      const response = await api.ask('POST', '/v1/models/leaf:predict', way);
      expect(response.json<PredictResponse>().predictions.map(({ probability }) => probability)).toEqual(expected);
    }
  });

  it('Explain: predictions and explanations', async () => {
    const before = api.served.sink.records.length;
    const response = await api.ask(
      'POST',
      '/v1/models/leaf:explain',
      json({ instances: instances(photos[0]!, photos[1]!) }),
    );
    expect(response.statusCode).toBe(200);
    const { predictions, explanations, ...rest } = response.json();
    expect([predictions.length, explanations.length, rest]).toEqual([2, 2, {}]);
    for (const { grid, height, width, completenessError } of explanations) {
      expect([grid.length, grid[0].length]).toEqual([height, width]);
      expect(completenessError).toBeLessThan(0.2);
    }
    expect(api.served.sink.records.slice(before)).toMatchObject([{ protocol: 'kserve-v1' }, { protocol: 'kserve-v1' }]);
  });

  it('says every error as {"error": "<text>"}', async () => {
    const asked: [string, object, number][] = [
      ['/v1/models/leaf:predict', json({}), 400],
      ['/v1/models/leaf:predict', json({ instances: [[0.1, 0.2]] }), 400],
      ['/v1/models/leaf:explain', json({ instances: [{ b64: '%' }] }), 400],
      ['/v1/models/nothing:predict', json({ instances: instances(photos[0]!) }), 404],
      ['/v1/models/leaf:predict', json({ instances: [] }, { 'x-api-key': '' }), 401],
    ];
    for (const [url, way, status] of asked) {
      const response = await api.ask('POST', url, way);
      expect([response.statusCode, response.json()]).toEqual([
        status,
        { error: expect.stringMatching(/^[A-Z][A-Z0-9_]+: .*\. /) },
      ]);
    }
  });
}
