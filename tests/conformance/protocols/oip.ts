import { beforeAll, describe, expect, it } from 'vitest';
import type { PredictResponse } from '../../../src/contracts/served-prediction.ts';
import type { ServedApp } from '../../support/served-app.ts';
import { b64, exchange, type Fixture, jpeg, json } from './fixture.ts';

const inferUrl = '/v2/models/leaf/infer';

/** kserve/open-inference-protocol `inference_rest.md`; triton-inference-server `extension_binary_data.md`, `extension_classification.md`. */
export function oipSuite(fixture: Fixture): void {
  let [api, photos] = [] as unknown as [ServedApp, Uint8Array[]];
  beforeAll(() => {
    ({ api, photos } = fixture);
  });
  const native = async (photo: Uint8Array) => {
    const response = await api.ask('POST', '/api/v1/endpoints/leaf:predict', jpeg(photo));
    return response.json<PredictResponse>().predictions[0]!;
  };
  const image = (...of: Uint8Array[]) => ({ name: 'image', shape: [of.length], datatype: 'BYTES', data: of.map(b64) });

  describe('health and metadata', () => {
    it('live and ready without a key', async () => {
      const live = await api.app.inject({ method: 'GET', url: '/v2/health/live' });
      expect([live.statusCode, live.json()]).toEqual([200, { live: true }]);
      const ready = await api.app.inject({ method: 'GET', url: '/v2/health/ready' });
      expect([ready.statusCode, ready.json()]).toEqual([200, { live: true, ready: true }]);
    });

    it('$metadata_server_response', async () => {
      const { statusCode, body } = await api.ask('GET', '/v2');
      expect(statusCode).toBe(200);
      expect(JSON.parse(body)).toEqual({
        name: 'mitate',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        extensions: ['binary_tensor_data', 'classification'],
      });
    });

    it('$metadata_model_response, with and without the version', async () => {
      for (const url of ['/v2/models/leaf', '/v2/models/leaf/versions/1']) {
        const { statusCode, body } = await api.ask('GET', url);
        expect(statusCode).toBe(200);
        expect(JSON.parse(body)).toEqual({
          name: 'leaf',
          versions: ['1'],
          platform: 'onnx_onnxv1',
          inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
          outputs: [
            { name: 'label', datatype: 'BYTES', shape: [-1] },
            { name: 'probability', datatype: 'FP32', shape: [-1] },
            { name: 'positive_probability', datatype: 'FP32', shape: [-1] },
            { name: 'threshold', datatype: 'FP32', shape: [-1] },
            { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
            { name: 'labels', datatype: 'BYTES', shape: [2] },
            { name: 'id', datatype: 'BYTES', shape: [-1] },
            { name: 'notice', datatype: 'BYTES', shape: [-1] },
            { name: 'advice', datatype: 'BYTES', shape: [-1] },
          ],
        });
      }
    });

    it('$ready_model_response', async () => {
      for (const url of ['/v2/models/leaf/ready', '/v2/models/leaf/versions/1/ready']) {
        const { statusCode, body } = await api.ask('GET', url);
        expect([statusCode, body]).toEqual([200, '{"name":"leaf","ready":true}']);
      }
    });
  });

  describe('inference', () => {
    it('answers the request of the specification, with our tensor in its place', async () => {
      const head = `
        POST /v2/models/leaf/infer HTTP/1.1
        Host: localhost:8000
        Content-Type: application/json
        Content-Length: <length>`;
      const body = `{
        "id" : "42",
        "inputs" : [
          {
            "name" : "image",
            "shape" : [ 2 ],
            "datatype" : "BYTES",
            "data" : [ "${b64(photos[0]!)}", "${b64(photos[1]!)}" ]
          }
        ],
        "outputs" : [
          {
            "name" : "probabilities"
          }
        ]
      }`;
      const answer = await exchange(api, head, body);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
      const rows = await Promise.all(photos.slice(0, 2).map(native));
      expect(JSON.parse(answer.body.toString())).toEqual({
        model_name: 'leaf',
        model_version: '1',
        id: '42',
        outputs: [
          {
            name: 'probabilities',
            shape: [2, 2],
            datatype: 'FP32',
            data: rows.flatMap(({ probabilities }) => [probabilities.unwell, probabilities.healthy]),
          },
        ],
      });
    });

    it("answers the request of Triton's binary extension, with our tensors in their place", async () => {
      const raw = Buffer.concat(
        photos.slice(0, 2).flatMap((photo) => [Buffer.from(Uint32Array.of(photo.length).buffer), Buffer.from(photo)]),
      );
      const text = `{
  "model_name" : "leaf",
  "inputs" : [
    {
      "name" : "image",
      "shape" : [ 2 ],
      "datatype" : "BYTES",
      "parameters" : {
        "binary_data_size" : ${raw.length}
      }
    }
  ],
  "outputs" : [
    {
      "name" : "probability",
      "parameters" : {
        "binary_data" : true
      }
    },
    {
      "name" : "label",
      "parameters" : {
        "binary_data" : true
      }
    }
  ]
}`;
      const head = `
        POST /v2/models/leaf/infer HTTP/1.1
        Host: localhost:8000
        Content-Type: application/octet-stream
        Inference-Header-Content-Length: ${text.length}
        Content-Length: <length>`;
      const { status, headers, body } = await exchange(api, head, Buffer.concat([Buffer.from(text), raw]));
      expect([status, headers['content-type']]).toEqual([200, 'application/octet-stream']);
      const jsonLength = Number(headers['inference-header-content-length']);
      expect(Number(headers['content-length'])).toBe(body.length);
      const [one, two] = [await native(photos[0]!), await native(photos[1]!)];
      const labels = [one, two].flatMap(({ label }) => [Buffer.from([label.length, 0, 0, 0]), Buffer.from(label)]);
      const expected = Buffer.alloc(8);
      expected.writeFloatLE(one.probability, 0);
      expected.writeFloatLE(two.probability, 4);
      expect(body.subarray(jsonLength)).toEqual(Buffer.concat([expected, ...labels]));
      expect(JSON.parse(body.subarray(0, jsonLength).toString()).outputs).toEqual([
        { name: 'probability', shape: [2], datatype: 'FP32', parameters: { binary_data_size: 8 } },
        {
          name: 'label',
          shape: [2],
          datatype: 'BYTES',
          parameters: { binary_data_size: Buffer.concat(labels).length },
        },
      ]);
    });

    it('ranks classes under the classification parameter', async () => {
      const outputs = [{ name: 'probabilities', parameters: { classification: 1 } }];
      const response = await api.ask('POST', inferUrl, json({ inputs: [image(photos[0]!)], outputs }));
      const { probabilities } = await native(photos[0]!);
      const unwell = probabilities.unwell! > probabilities.healthy!;
      const text = unwell ? `${probabilities.unwell}:0:unwell` : `${probabilities.healthy}:1:healthy`;
      expect(response.json().outputs).toEqual([
        { name: 'probabilities', datatype: 'BYTES', shape: [1, 1], data: [text] },
      ]);
    });

    it('answers by the version in the path', async () => {
      const infer = (version: string) =>
        api.ask('POST', `/v2/models/leaf/versions/${version}/infer`, json({ inputs: [image(photos[0]!)] }));
      expect((await infer('1')).json()).toMatchObject({ model_version: '1' });
      const unknown = await infer('7');
      expect([unknown.statusCode, unknown.json()]).toEqual([404, { error: expect.stringContaining('"7"') }]);
    });

    it('logs under its own protocol', async () => {
      const before = api.served.sink.records.length;
      await api.ask('POST', inferUrl, json({ inputs: [image(photos[0]!)] }));
      expect(api.served.sink.records.slice(before)).toMatchObject([{ protocol: 'oip', endpoint: 'leaf' }]);
    });
  });

  it('says every error as {"error": "<text>"}', async () => {
    const asked: [string, object, number][] = [
      [inferUrl, json({ inputs: [] }), 400],
      [inferUrl, json({ inputs: [{ ...image(photos[0]!), datatype: 'FP32', data: [Number.NaN] }] }), 400],
      [inferUrl, json({ inputs: [image(Buffer.from('GIF89a....'))] }), 415],
      [inferUrl, json({ inputs: [image(photos[0]!)] }, { 'inference-header-content-length': '999999' }), 400],
      [inferUrl, { payload: '{', headers: {} }, 400],
      ['/v2/models/nothing/infer', json({ inputs: [image(photos[0]!)] }), 404],
      [inferUrl, json({ inputs: [image(photos[0]!)] }, { 'x-api-key': 'mk_wrong' }), 401],
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
