import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  explanationSchema,
  type PredictResponse,
  predictResponseSchema,
} from '../../../src/contracts/served-prediction.ts';
import type { ServedApp } from '../../support/served-app.ts';
import { unaudited } from '../../support/unaudited.ts';
import { b64, type Fixture, form, jpeg, json } from './fixture.ts';

const predictUrl = '/api/v1/endpoints/leaf:predict';
const explainUrl = '/api/v1/endpoints/leaf:explain';
export function nativeSuite(fixture: Fixture): void {
  let [api, photos] = [] as unknown as [ServedApp, Uint8Array[]];
  beforeAll(() => {
    ({ api, photos } = fixture);
  });

  describe('POST /api/v1/endpoints/{name}:predict', () => {
    it('answers an image body with one prediction in the documented shape', async () => {
      const response = await api.ask('POST', predictUrl, jpeg(photos[0]!));
      expect(response.statusCode).toBe(200);
      const answer = predictResponseSchema.strict().parse(response.json());
      expect(answer).toMatchObject({ endpoint: 'leaf', requestId: response.headers['x-request-id'] });
      expect(answer.predictions).toMatchObject([
        { model: { name: 'leaf', version: 1 }, deployment: { role: 'stable' } },
      ]);
      expect(answer.predictions[0]!.probabilities).toEqual({ unwell: expect.any(Number), healthy: expect.any(Number) });
    });

    it('answers with the probability of the label, also where the threshold chose the less probable one', async () => {
      const { predictions } = (
        await api.ask('POST', predictUrl, json({ images: photos.map(b64) }))
      ).json<PredictResponse>();
      for (const { label, probability, positiveProbability, threshold, probabilities } of predictions) {
        expect(probability).toBe(probabilities[label]);
        expect(positiveProbability).toBe(probabilities.unwell);
        expect(label).toBe(positiveProbability! >= threshold! ? 'unwell' : 'healthy');
      }
      expect(predictions.some(({ label, probability }) => label === 'healthy' && probability < 0.5)).toBe(true);
    });

    it('answers every form of the same photos with the same numbers, in their order', async () => {
      const ways = [await form(photos.map((photo) => ['file', photo])), json({ images: photos.map(b64) })];
      const answers: number[][] = [];
      for (const way of ways) {
        const { predictions } = (await api.ask('POST', predictUrl, way)).json<PredictResponse>();
        answers.push(predictions.map(({ probability }) => probability));
      }
      const single: number[] = [];
      for (const photo of photos)
        single.push(
          (await api.ask('POST', predictUrl, jpeg(photo))).json<PredictResponse>().predictions[0]!.probability,
        );
      expect(answers).toEqual([single, single]);
      expect(new Set(single).size).toBe(3);
    });

    it('takes PNG and WebP', async () => {
      for (const format of ['png', 'webp'] as const) {
        const payload = await sharp(photos[0]!).toFormat(format).toBuffer();
        const response = await api.ask('POST', predictUrl, { payload, headers: { 'content-type': `image/${format}` } });
        expect(response.statusCode).toBe(200);
      }
    });

    it('gives one answer of all photos of a subject, however it is named, and logs it', async () => {
      const before = api.served.sink.records.length;
      const ways = [
        json({ images: photos.map(b64), subject: '葉 7' }),
        await form([...photos.map((photo): [string, Uint8Array] => ['file', photo]), ['subject', '葉 7']]),
        json({ images: photos.map(b64) }, { 'x-mitate-subject': encodeURIComponent('葉 7') }),
      ];
      for (const way of ways) {
        const { predictions, combined } = (await api.ask('POST', predictUrl, way)).json<PredictResponse>();
        const odds = predictions.map(({ probabilities: { unwell, healthy } }) => Math.log(unwell! / healthy!));
        const mean = odds.reduce((sum, value) => sum + value, 0) / odds.length;
        expect(combined).toMatchObject({
          photos: 3,
          positiveProbability: expect.closeTo(1 / (1 + Math.exp(-mean)), 6),
        });
      }
      expect(api.served.sink.records.slice(before).map(({ subject }) => subject)).toEqual(Array(9).fill('葉 7'));
      expect((await api.ask('POST', predictUrl, jpeg(photos[0]!))).json()).not.toHaveProperty('combined');
      for (const subject of ['', 'x'.repeat(129), 7])
        expect(
          (await api.ask('POST', predictUrl, json({ images: [b64(photos[0]!)], subject }))).json().error,
        ).toMatchObject({ code: 'REQUEST_SHAPE_INVALID', details: { where: 'subject' } });
    });

    it('logs what was asked: attributes from header and body, each photo at its place', async () => {
      const before = api.served.sink.records.length;
      const way = json(
        { images: photos.slice(0, 2).map(b64), attributes: { device: 'Pixel 9' } },
        { 'x-mitate-attributes': '{"device":"?","greenhouse":4}' },
      );
      expect((await api.ask('POST', predictUrl, way)).statusCode).toBe(200);
      const attributes = { device: 'Pixel 9', greenhouse: 4 };
      expect(api.served.sink.records.slice(before)).toMatchObject([
        { protocol: 'native', instance: 0, attributes, status: 200 },
        { protocol: 'native', instance: 1, attributes, status: 200 },
      ]);
    });

    it('answers the same idempotency key once, whatever the boundary of the form; another photo under it is a 422', async () => {
      const before = api.served.sink.records.length;
      const headers = { 'idempotency-key': 'retry-1' };
      const answers: PredictResponse[] = [];
      for (let i = 0; i < 2; i++) {
        const way = await form([['file', photos[0]!]]);
        answers.push((await api.ask('POST', predictUrl, { ...way, headers: { ...way.headers, ...headers } })).json());
      }
      expect(answers[1]!.predictions).toEqual(answers[0]!.predictions);
      expect(api.served.sink.records.length - before).toBe(1);
      const other = await api.ask('POST', predictUrl, jpeg(photos[1]!, headers));
      expect(other.statusCode).toBe(422);
      expect(other.json()).toMatchObject({ error: { code: 'IDEMPOTENCY_CONFLICT' } });
    });

    it('needs a key, unless the endpoint is public', async () => {
      const anonymous = () => api.app.inject({ method: 'POST', url: predictUrl, ...jpeg(photos[0]!) });
      const refused = await anonymous();
      expect([refused.statusCode, refused.json().error.code]).toEqual([401, 'ACCESS_KEY_MISSING']);
      await setPublic(api, true);
      expect((await anonymous()).statusCode).toBe(200);
      await setPublic(api, false);
      expect((await anonymous()).statusCode).toBe(401);
    });
  });

  describe('POST /api/v1/endpoints/{name}:explain', () => {
    it('draws the heat map over the photo, with the prediction in headers', async () => {
      for (const accept of ['*/*', 'image/png', 'image/*;q=0.9, application/json;q=0.1']) {
        const { statusCode, headers, rawPayload } = await api.ask('POST', explainUrl, jpeg(photos[0]!, { accept }));
        expect([statusCode, headers['content-type']]).toEqual([200, 'image/png']);
        expect(await sharp(rawPayload).metadata()).toMatchObject({ format: 'png', width: 96, height: 96 });
        expect(headers['x-mitate-label']).toMatch(/^(un)?(well|healthy)$/);
        const numbers = JSON.parse(decodeURIComponent(String(headers['x-mitate-probabilities'])));
        expect(Number(headers['x-mitate-probability'])).toBe(numbers[String(headers['x-mitate-label'])]);
        expect(Number(headers['x-mitate-positive-probability'])).toBe(numbers.unwell);
        expect(headers['x-mitate-threshold']).toBe('0.9');
        expect(headers['x-mitate-model']).toBe('leaf%401');
      }
    });

    it('gives the grid as JSON when asked, for the class that is named', async () => {
      const ask = async (url: string, headers = {}) => {
        const response = await api.ask('POST', url, jpeg(photos[0]!, headers));
        expect(response.statusCode).toBe(200);
        return explanationSchema.strict().parse(response.json());
      };
      const plain = await ask(explainUrl, { accept: 'application/json' });
      expect(plain.grid).toHaveLength(plain.height);
      for (const row of plain.grid) expect(row).toHaveLength(plain.width);
      const unwell = await ask(`${explainUrl}?format=json&class=unwell`);
      const healthy = await ask(`${explainUrl}?format=json&class=healthy`);
      expect([unwell.grid, healthy.grid]).toContainEqual(plain.grid);
      expect(unwell.grid).not.toEqual(healthy.grid);
    });

    it('refuses two photos, an unknown class and an unknown format', async () => {
      const code = async (url: string, way: object) => {
        const response = await api.ask('POST', url, way);
        return [response.statusCode, response.json().error.code];
      };
      expect(await code(explainUrl, json({ images: photos.slice(0, 2).map(b64) }))).toEqual([
        400,
        'REQUEST_SHAPE_INVALID',
      ]);
      expect(await code(`${explainUrl}?class=mildew`, jpeg(photos[0]!))).toEqual([400, 'LABEL_UNKNOWN']);
      expect(await code(`${explainUrl}?class=unwell&class=healthy`, jpeg(photos[0]!))).toEqual([
        400,
        'REQUEST_SHAPE_INVALID',
      ]);
      expect(await code(`${explainUrl}?format=gif`, jpeg(photos[0]!))).toEqual([400, 'REQUEST_SHAPE_INVALID']);
    });
  });
}

async function setPublic(api: ServedApp, isPublic: boolean): Promise<void> {
  await unaudited(api.served.store).endpoints.setEndpoint('leaf', { public: isPublic }, { who: 'test', why: 'test' });
  await api.served.service.refresh();
}
