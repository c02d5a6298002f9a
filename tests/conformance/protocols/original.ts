import { beforeAll, describe, expect, it } from 'vitest';
import type { PredictResponse } from '../../../src/contracts/served-prediction.ts';
import type { ServedApp } from '../../support/served-app.ts';
import { unaudited } from '../../support/unaudited.ts';
import { type Fixture, form, jpeg, json } from './fixture.ts';

/** Exact texts: the original system's clients read these keys and values. */
export function originalSuite(fixture: Fixture): void {
  let [api, photos] = [] as unknown as [ServedApp, Uint8Array[]];
  beforeAll(() => {
    ({ api, photos } = fixture);
  });
  const native = async (photo: Uint8Array) => {
    const response = await api.ask('POST', '/api/v1/endpoints/leaf:predict', jpeg(photo));
    return response.json<PredictResponse>().predictions[0]!;
  };

  describe.each(['', '/'])('with "%s" at the end', (slash) => {
    it('GET /test-predict tells the built-in photo, always the same', async () => {
      const texts = [await api.ask('GET', `/test-predict${slash}`), await api.ask('GET', `/test-predict${slash}`)];
      for (const { statusCode, body } of texts) {
        expect(statusCode).toBe(200);
        expect(body).toMatch(/^\{"probability of unwellness":"\d{1,3}\.\d{2}%"\}$/);
      }
      expect(texts[1]!.body).toBe(texts[0]!.body);
    });

    it('POST /predict says healthy or unwell', async () => {
      for (const photo of photos) {
        const { statusCode, body, headers } = await api.ask('POST', `/predict${slash}`, await form([['file', photo]]));
        const { label, threshold } = await native(photo);
        expect(headers).toMatchObject({ 'x-mitate-label': label, 'x-mitate-threshold': String(threshold) });
        const expected = (await native(photo)).positiveProbability! > 0.5 ? 'unwell' : 'healthy';
        expect([statusCode, body]).toEqual([200, `{"prediction":"${expected}"}`]);
      }
    });

    it('POST /explain says P(unwell) with two decimals', async () => {
      for (const photo of photos) {
        const { statusCode, body } = await api.ask('POST', `/explain${slash}`, await form([['file', photo]]));
        const percent = (100 * (await native(photo)).positiveProbability!).toFixed(2);
        expect([statusCode, body]).toEqual([200, `{"probability of unwellness":"${percent}%"}`]);
      }
    });
  });

  it('never answers "uncertain", though the endpoint may', async () => {
    const set = { who: 'test', why: 'test' };
    await unaudited(api.served.store).endpoints.setEndpoint('leaf', { abstain: { low: 0, high: 1 } }, set);
    await api.served.service.refresh();
    expect((await native(photos[0]!)).label).toBe('uncertain');
    const { body } = await api.ask('POST', '/predict/', await form([['file', photos[0]!]]));
    expect(body).toMatch(/^\{"prediction":"(healthy|unwell)"\}$/);
    await unaudited(api.served.store).endpoints.setEndpoint('leaf', { abstain: null }, set);
    await api.served.service.refresh();
    expect((await native(photos[0]!)).label).not.toBe('uncertain');
  });

  it('logs under its own protocol', async () => {
    const before = api.served.sink.records.length;
    await api.ask('GET', '/test-predict');
    expect(api.served.sink.records.slice(before)).toMatchObject([{ protocol: 'original', endpoint: 'leaf' }]);
  });

  it('refuses without a key, without a file, and two files, in the one error shape', async () => {
    const anonymous = await api.app.inject({ method: 'GET', url: '/test-predict' });
    expect([anonymous.statusCode, anonymous.json().error.code]).toEqual([401, 'ACCESS_KEY_MISSING']);
    const ways = [json({}), await form([]), await form(photos.slice(0, 2).map((photo) => ['file', photo]))];
    for (const way of ways) {
      const { statusCode, body } = await api.ask('POST', '/predict/', way);
      expect([statusCode, JSON.parse(body).error.code]).toEqual([400, expect.stringMatching(/^REQUEST_/)]);
    }
  });
}
