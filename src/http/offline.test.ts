import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { trainedModels } from '../../tests/support/trained-models.ts';
import { servingFolder } from '../artifacts/model/model-files.ts';
import { type Client, createClient } from '../client/index.ts';
import { sha256 } from '../codecs/digest.ts';
import { DeviceModel } from '../inference/on-device.ts';
import { uprightPhoto } from '../vision/upright.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 240_000 });

const models = new ScratchFolder();
let served: ServedApp;
let admin: Client;
/** Without a key. */
let visitor: Client;
let uri: string;

beforeAll(async () => {
  uri = (await trainedModels(models.path, 1))[0]!;
  served = await ServedApp.open([uri]);
  admin = createClient({ url: served.url, key: await served.makeKey('admin') });
  visitor = createClient({ url: served.url });
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  models[Symbol.dispose]();
});

describe('a device that answers without a connection', () => {
  it('gets the model of no endpoint that does not allow it, and of one that is not public only with a key', async () => {
    await expect(visitor.endpoints.offline('leaf')).rejects.toMatchObject({ code: 'ACCESS_KEY_MISSING' });
    await expect(admin.endpoints.offline('leaf')).rejects.toMatchObject({ code: 'ENDPOINT_NOT_OFFLINE', status: 409 });
    expect(await admin.endpoints.capture('leaf')).toMatchObject({ offline: false });
    const { sha256: digest } = await given({ offline: true }, admin);
    await expect(visitor.endpoints.offline('leaf')).rejects.toMatchObject({ code: 'ACCESS_KEY_MISSING' });
    await expect(visitor.endpoints.offlineFile('leaf', digest)).rejects.toMatchObject({ code: 'ACCESS_KEY_MISSING' });
    expect((await given({ public: true }, visitor)).sha256).toBe(digest);
    expect(await visitor.endpoints.capture('leaf')).toMatchObject({ offline: true });
    await admin.endpoints.set('leaf', { settings: { offline: false } });
    await expect(visitor.endpoints.offlineFile('leaf', digest)).rejects.toMatchObject({ code: 'ENDPOINT_NOT_OFFLINE' });
  });

  it('gets the very file that the server loads, no other file of the model, and no id of a training photo', async () => {
    const { sha256: digest, bytes } = await given({ offline: true, public: true }, visitor);
    const file = new Uint8Array(await (await visitor.endpoints.offlineFile('leaf', digest)).arrayBuffer());
    expect([sha256(file), file.length]).toEqual([digest, bytes]);
    expect(Buffer.compare(file, readFileSync(join(uri, servingFolder, 'model.onnx')))).toBe(0);
    const heat = sha256(readFileSync(join(uri, servingFolder, 'explain.onnx')));
    for (const other of [heat, '0'.repeat(64), 'model.onnx'])
      await expect(visitor.endpoints.offlineFile('leaf', other)).rejects.toMatchObject({
        code: 'ENDPOINT_FILE_UNKNOWN',
        status: 404,
      });
    const { ids } = JSON.parse(readFileSync(join(uri, 'drift-reference.json'), 'utf8')).projection;
    expect(ids.length).toBeGreaterThan(10);
    const said = JSON.stringify(await visitor.endpoints.offline('leaf'));
    expect(ids.filter((id: string) => said.includes(id))).toEqual([]);
  });

  it('answers as the server: labels, probabilities, bands, refusals, hints, several photos', async () => {
    const settings = { offline: true, abstain: { low: 0.3, high: 0.7 }, threshold: 0.45 };
    await admin.endpoints.set('leaf', { settings });
    const device = await Device.open();
    const leaves = (await drawnPhotos(6, { seed: 31, size: 300 })).map(({ bytes }) => new Uint8Array(bytes));
    const dark = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#050505' } })
      .jpeg()
      .toBuffer();
    const [large] = await drawnPhotos(1, { seed: 32, size: 1_500, format: 'png' });
    const shrunk = new Uint8Array(large!.bytes);
    const photos = [...leaves, new Uint8Array(dark), shrunk];
    // libvips shrinks it on the server
    const isShrunk = (photo: Uint8Array) => photo === shrunk;
    for (const [i, photo] of photos.entries()) {
      const {
        id: _,
        deployment: __,
        outOfDistribution,
        ...online
      } = (await admin.predict('leaf', photo)).predictions[0]!;
      const { outOfDistribution: distance, ...offline } = await device.answer(photo);
      expect(offline, `photo ${i}`).toEqual({ ...online, ...near(online, isShrunk(photo) ? 2 : 3) });
      expect(distance!.flagged).toBe(outOfDistribution!.flagged);
      expect(distance!.score).toBeCloseTo(outOfDistribution!.score, isShrunk(photo) ? 1 : 2);
    }
    const { combined } = await admin.predict('leaf', leaves.slice(0, 2), { subject: 'the-oak' });
    const together = device.model.combined(await Promise.all(leaves.slice(0, 2).map((photo) => device.answer(photo))));
    expect(together).toEqual({ ...combined, ...near(combined!) });
  });
});

/** The same numbers, up to digits that two decoders make different. */
function near(
  answer: {
    probability: number;
    positiveProbability?: number | undefined;
    probabilities: object;
    classes?: object | undefined;
  },
  digits = 3,
) {
  const close = (value: number) => expect.closeTo(value, digits);
  const all = (numbers: object) =>
    Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, close(value as number)]));
  return {
    probability: close(answer.probability),
    positiveProbability: close(answer.positiveProbability!),
    probabilities: all(answer.probabilities),
    ...(answer.classes && { classes: all(answer.classes) }),
  };
}

async function given(settings: { offline?: boolean; public?: boolean }, client: Client) {
  await admin.endpoints.set('leaf', { settings });
  return (await client.endpoints.offline('leaf')).files.model;
}

/** What a browser does, with another ONNX Runtime and another decoder. */
class Device {
  readonly model: DeviceModel;
  readonly #session: InferenceSession;
  readonly #size: { width: number; height: number };

  private constructor(model: DeviceModel, session: InferenceSession, size: { width: number; height: number }) {
    this.model = model;
    this.#session = session;
    this.#size = size;
  }

  static async open(): Promise<Device> {
    const of = await admin.endpoints.offline('leaf');
    const bytes = async (file: { sha256: string }) =>
      await (await admin.endpoints.offlineFile('leaf', file.sha256)).arrayBuffer();
    const view = async (file: { sha256: string } | null) => file && new DataView(await bytes(file));
    const { model, rows, detector } = of.files;
    const session = await InferenceSession.create(new Uint8Array(await bytes(model)));
    return new Device(
      new DeviceModel(of, { rows: await view(rows), detector: await view(detector) }),
      session,
      of.signature.preprocess,
    );
  }

  async answer(photo: Uint8Array) {
    const { pixels, quality } = this.model.inputOf(await uprightPhoto(photo, 100_000));
    const { width, height } = this.#size;
    const feeds = { pixels: new Tensor('uint8', pixels, [1, height, width, 3]) };
    const { probabilities, embedding } = await this.#session.run(feeds, ['probabilities', 'embedding']);
    return this.model.answer(probabilities!.data as Float32Array, embedding!.data as Float32Array, quality);
  }
}
