import { beforeAll, expect, it } from 'vitest';
import { readTfrecord } from '../../../src/artifacts/examples/tfrecord/reader.ts';
import {
  bytesFeature,
  decodeTfExample,
  encodeTfExample,
  firstBytes,
  intFeature,
} from '../../../src/codecs/tf-example.ts';
import type { PredictResponse } from '../../../src/contracts/served-prediction.ts';
import { MitateError } from '../../../src/errors/index.ts';
import { drawnPhotos } from '../../support/drawn-photos.ts';
import { hasRealData, realFolder } from '../../support/real-data.ts';
import type { ServedApp } from '../../support/served-app.ts';
import { b64, exchange, type Fixture, jpeg, json } from './fixture.ts';

const predictUrl = '/v1/projects/1234/locations/us-central1/endpoints/leaf:predict';
const explainUrl = '/v1/projects/1234/locations/us-central1/endpoints/leaf:explain';

const damaged = () => new MitateError('INTERNAL', { reason: 'damaged test data' });

/** Google Cloud, "REST Resource: projects.locations.endpoints", methods predict and explain; "Custom container requirements for prediction". */
export function vertexSuite(fixture: Fixture): void {
  let [api, photos] = [] as unknown as [ServedApp, Uint8Array[]];
  beforeAll(() => {
    ({ api, photos } = fixture);
  });
  const native = async (photo: Uint8Array) => {
    const response = await api.ask('POST', '/api/v1/endpoints/leaf:predict', jpeg(photo));
    return response.json<PredictResponse>().predictions[0]!.probability;
  };
  const example = (photo: Uint8Array) =>
    b64(
      encodeTfExample(
        new Map([
          ['image_raw', bytesFeature(photo)],
          ['label', intFeature(1)],
        ]),
      ),
    );

  it('answers the documented request, byte for byte, with PredictResponse', async () => {
    const head = `
      POST /v1/projects/1234/locations/us-central1/endpoints/leaf:predict HTTP/1.1
      Host: us-central1-aiplatform.googleapis.com
      Content-Type: application/json; charset=utf-8
      Content-Length: <length>`;
    const body = `{
  "instances": [
    { "b64": "${b64(photos[0]!)}" }
  ],
  "parameters": { "confidenceThreshold": 0.5, "maxPredictions": 5 }
}`;
    const answer = await exchange(api, head, body);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    const { predictions, ...rest } = JSON.parse(answer.body.toString());
    expect(rest).toEqual({
      deployedModelId: predictions[0].deployment.id,
      model: 'models/leaf',
      modelDisplayName: 'leaf',
      modelVersionId: '1',
    });
    expect(predictions).toMatchObject([{ probability: await native(photos[0]!) }]);
  });

  it('answers every kind of instance, one prediction each, in order', async () => {
    const [first, second] = [photos[0]!, photos[1]!];
    const instances = [
      { b64: b64(first) },
      { b64: example(second) },
      { image_bytes: { b64: b64(first) } },
      { content: b64(second) },
      { image_bytes: { b64: example(first) }, key: 'leaf-17' },
      { examples: { b64: example(second) } },
    ];
    const response = await api.ask('POST', predictUrl, json({ instances }));
    expect(response.statusCode).toBe(200);
    const probabilities = response.json<PredictResponse>().predictions.map(({ probability }) => probability);
    const [one, two] = [await native(first), await native(second)];
    expect(probabilities).toEqual([one, two, one, two, one, two]);
    expect(one).not.toBe(two);
  });

  /** The original system's own, or drawn photos in their shape. */
  async function tfExamples(): Promise<Uint8Array[]> {
    if (!hasRealData)
      return (await drawnPhotos(4, { seed: 5 })).map(({ bytes }) =>
        encodeTfExample(new Map(Object.entries({ image_raw: bytesFeature(bytes), label: intFeature(1) }))),
      );
    const messages: Uint8Array[] = [];
    for await (const message of readTfrecord(realFolder('tfrecord/leaves-00000-of-00002.tfrecord'), {
      corrupt: damaged,
    })) {
      messages.push(message);
      if (messages.length === 4) break;
    }
    return messages;
  }

  it("answers the original system's tf.Examples as it answers their photos", async () => {
    const messages = await tfExamples();
    const instances = messages.map((message) => ({ b64: b64(message) }));
    const response = await api.ask('POST', predictUrl, json({ instances }));
    const probabilities = response.json<PredictResponse>().predictions.map(({ probability }) => probability);
    const alone = [];
    for (const message of messages) alone.push(await native(firstBytes(decodeTfExample(message), 'image_raw')!));
    expect(probabilities).toEqual(alone);
    expect(new Set(alone).size).toBe(4);
  });

  it('explains, in the names of ExplainResponse', async () => {
    const response = await api.ask(
      'POST',
      explainUrl,
      json({ instances: photos.slice(0, 2).map((photo) => ({ b64: b64(photo) })) }),
    );
    expect(response.statusCode).toBe(200);
    const { explanations, predictions, deployedModelId } = response.json();
    expect([explanations.length, predictions.length, typeof deployedModelId]).toEqual([2, 2, 'string']);
    for (const [i, { attributions }] of explanations.entries()) {
      expect(attributions).toMatchObject([
        { outputDisplayName: predictions[i].label, instanceOutputValue: predictions[i].probability },
      ]);
      expect(attributions[0].featureAttributions.image.length).toBeGreaterThan(3);
      expect(attributions[0].approximationError).toBeLessThan(0.2);
    }
  });

  it('logs under its own protocol, with the attributes of the parameters', async () => {
    const before = api.served.sink.records.length;
    const parameters = { attributes: { greenhouse: 4 } };
    await api.ask('POST', predictUrl, json({ instances: [{ b64: b64(photos[0]!) }], parameters }));
    expect(api.served.sink.records.slice(before)).toMatchObject([
      { protocol: 'vertex', attributes: { greenhouse: 4 } },
    ]);
  });

  it('refuses wrong instances in the shape of google.aip.dev/193, saying which', async () => {
    const good = { b64: b64(photos[0]!) };
    const bad: [unknown, number, string][] = [
      [{ b64: 'no base64!' }, 400, 'instances[1]'],
      [{ b64: b64(Buffer.from('GIF89a......')) }, 415, 'GIF'],
      [{ b64: b64(encodeTfExample(new Map([['label', intFeature(1)]]))) }, 400, 'image_raw'],
      [[0, 1, 2], 400, 'instances[1]'],
    ];
    for (const [instance, status, words] of bad) {
      const response = await api.ask('POST', predictUrl, json({ instances: [good, instance] }));
      expect(response.statusCode).toBe(status);
      expect(response.json()).toEqual({
        error: {
          code: status,
          message: expect.stringContaining(words),
          status: 'INVALID_ARGUMENT',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
              reason: expect.stringMatching(/^(REQUEST|IMAGE)_/),
              domain: 'mitate',
              metadata: expect.objectContaining({ remedy: expect.any(String), requestId: expect.any(String) }),
            },
          ],
        },
      });
    }
  });
}
