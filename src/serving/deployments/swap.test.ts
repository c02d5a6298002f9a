import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import {
  editSignature,
  headWith,
  makeModel,
  modelBytes,
  type TestModel,
  writeModelFolder,
} from '../../../tests/support/model-folder.ts';
import { registerModel } from '../../../tests/support/register-model.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { ServedWorkspace } from '../../../tests/support/served-workspace.ts';
import { slowedDown } from '../../../tests/support/slowed-down.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import type { PredictResponse } from '../../contracts/served-prediction.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const models = new ScratchFolder();
let served: ServedWorkspace;
let model: TestModel;
let photos: Uint8Array[];

const stable = (version: number, traffic = 100) => ({ version, role: 'stable' as const, traffic });
const predict = (photo = photos[0]!) => served.service.predict(served.request(photo));
const versionOf = ({ predictions }: PredictResponse) => predictions[0]!.model.version;
const timeline = async () => (await served.store.endpoints.endpointTimeline('leaf')).map(({ action }) => action);

beforeAll(async () => {
  photos = (await drawnPhotos(12)).map(({ bytes }) => bytes);
  model = await makeModel(photos, ['ash', 'elm', 'oak', 'fir']);
  served = await ServedWorkspace.open(
    [1, 2].map((version) => otherModel(`v${version}`, version)),
    { processes: 2 },
  );
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  models[Symbol.dispose]();
});

/** The same backbone under another head: without warm-up requests, since its answers differ from the first one's. */
function otherModel(name: string, seed: number): string {
  const head = headWith(model, (weight) => ({ weight: weight.map((value, i) => value * Math.cos(seed * i)) }));
  return writeModelFolder(models.at(name), model, { bytes: modelBytes(model, head), warmup: 0 });
}

/** Requests one after another on `lanes` lanes until told to stop. */
function load(lanes: number) {
  const answers: PredictResponse[] = [];
  const failures: unknown[] = [];
  let isOver = false;
  const lane = async (n: number) => {
    for (let i = n; !isOver; i++)
      await predict(photos[i % photos.length]).then(
        (answer) => answers.push(answer),
        (error) => failures.push(error),
      );
  };
  const done = Promise.all(Array.from({ length: lanes }, (_, n) => lane(n)));
  return {
    answers,
    failures,
    async stop() {
      isOver = true;
      await done;
    },
  };
}

describe('a swap', () => {
  it('under load fails no request, and every answer names the version that gave it', async () => {
    const alone = new Map<number, number[]>();
    for (const version of [1, 2]) {
      await served.plan([stable(version)]);
      await served.service.refresh();
      const answers = await Promise.all(photos.map((photo) => predict(photo)));
      expect(new Set(answers.map(versionOf))).toEqual(new Set([version]));
      alone.set(
        version,
        answers.map(({ predictions }) => predictions[0]!.probability),
      );
    }
    expect(alone.get(1)).not.toEqual(alone.get(2));
    const { answers, failures, stop } = load(6);
    for (let i = 0; i < 12; i++) {
      await served.plan([stable(1 + (i % 2))]);
      await served.service.refresh();
      await wait(40);
    }
    await stop();
    expect(failures).toEqual([]);
    expect(answers.length).toBeGreaterThan(50);
    for (const { predictions } of answers)
      expect(alone.get(predictions[0]!.model.version!)).toContain(predictions[0]!.probability);
    expect(new Set(answers.map(versionOf))).toEqual(new Set([1, 2]));
    expect(await timeline()).toContain('ready');
  });

  it('is taken up by itself when another process changes the endpoint; and rolled back', async () => {
    await served.plan([stable(1)]);
    await vi.waitFor(async () => expect(versionOf(await predict())).toBe(1), 20_000);
    const [before] = [await served.store.endpoints.previousPlan('leaf')];
    await unaudited(served.store).endpoints.planEndpoint('leaf', before!, {
      action: 'rollback',
      who: 'test',
      why: 'test',
    });
    await vi.waitFor(async () => expect(versionOf(await predict())).toBe(2), 20_000);
  });

  it('that is taken back while the new version still loads never happens', async () => {
    const uri = writeModelFolder(models.at('slow'), model, { bytes: slowedDown(model, 40), warmup: 6 });
    const version = await registerModel(served.store, { name: 'leaf', uri });
    await served.plan([stable(1)]);
    await served.service.refresh();
    let isLoaded = false;
    const loaded = served.service.prepare('default', [{ modelName: 'leaf', ...stable(version) }]).then(() => {
      isLoaded = true;
    });
    await served.plan([stable(version)]);
    await wait(400);
    await served.plan([stable(2)]);
    await served.service.refresh();
    expect([isLoaded, versionOf(await predict())]).toEqual([false, 2]);
    await loaded;
    await wait(50);
    expect(versionOf(await predict())).toBe(2);
  });

  it('follows the champion of its model', async () => {
    for (const version of [1, 2]) {
      await unaudited(served.store).setAlias({ name: 'leaf', alias: 'champion', version, who: 'test', why: 'test' });
      await vi.waitFor(async () => expect(versionOf(await predict())).toBe(version), 20_000);
    }
  });

  it('of a request in flight: the old version answers it, though it is gone from the endpoint', async () => {
    await served.plan([stable(1)]);
    await served.service.refresh();
    const inFlight = Array.from({ length: 8 }, () => predict());
    await served.plan([stable(2)]);
    await served.service.refresh();
    expect(new Set((await Promise.all(inFlight)).map(versionOf))).toEqual(new Set([1]));
    expect(versionOf(await predict())).toBe(2);
  });
});

describe('a broken version', () => {
  const broken = async (name: string, spoil: (folder: string) => void) => {
    const uri = writeModelFolder(models.at(name), model, { warmup: 4 });
    spoil(uri);
    return registerModel(served.store, { name: 'leaf', uri });
  };
  afterEach(async () => {
    await served.plan([stable(2)]);
    await served.service.refresh();
  });

  const nan = (weight: Float32Array) => ({ weight: weight.fill(Number.NaN) });
  it.each<[string, RegExp, (folder: string) => void]>([
    [
      'changed on disk',
      /sha256/,
      (folder) =>
        writeFileSync(
          join(folder, 'Format-Serving/model.onnx'),
          modelBytes(
            model,
            headWith(model, (weight) => ({ weight: weight.reverse() })),
          ),
        ),
    ],
    [
      'of a wrong shape',
      /should hold|expected/i,
      (folder) => editSignature(folder, () => ({ labels: ['ash', 'elm'] })),
    ],
    [
      'that answers NaN',
      /not finite|NaN/,
      (folder) => void writeModelFolder(folder, model, { bytes: modelBytes(model, headWith(model, nan)) }),
    ],
    [
      'that answers its warm-up requests wrong',
      /warm-up/i,
      (folder) =>
        void writeModelFolder(folder, model, {
          bytes: modelBytes(
            model,
            headWith(model, (weight) => ({ weight: weight.reverse() })),
          ),
        }),
    ],
    ['whose file is gone', /is missing/, (folder) => rmSync(join(folder, 'Format-Serving/model.onnx'))],
  ])('%s takes no traffic: refused on the timeline, the old one answers on', async (name, reason, spoil) => {
    const version = await broken(name, spoil);
    const { answers, failures, stop } = load(3);
    await expect(served.service.prepare('default', [{ modelName: 'leaf', ...stable(version) }])).rejects.toMatchObject({
      code: 'DEPLOYMENT_NOT_READY',
    });
    await served.plan([stable(2, 50), { version, role: 'canary', traffic: 50 }]);
    await served.service.refresh();
    await wait(50);
    await stop();
    expect(failures).toEqual([]);
    expect(new Set(answers.map(versionOf))).toEqual(new Set([2]));
    const [newest] = await served.store.endpoints.endpointTimeline('leaf');
    expect(newest).toMatchObject({ action: 'refused', why: expect.stringMatching(reason), after: { version } });
  });

  it('that is alone leaves its endpoint without an answer, not the server', async () => {
    await unaudited(served.store).endpoints.createEndpoint('other', { who: 'test', why: 'test' });
    await served.service.refresh();
    await expect(served.service.predict(served.request(photos[0]!, { endpoint: 'other' }))).rejects.toMatchObject({
      code: 'ENDPOINT_NOT_READY',
      status: 503,
    });
    expect(served.service.ready('default')).toEqual(['leaf']);
    expect(versionOf(await predict())).toBe(2);
    await unaudited(served.store).endpoints.deleteEndpoint('other', { who: 'test', why: 'test' });
  });
});

it('kill -9 of an inference process under load fails no request', async () => {
  const { answers, failures, stop } = load(6);
  await vi.waitUntil(() => answers.length > 10, 20_000);
  process.kill(served.pool.pids[0]!, 'SIGKILL');
  const before = answers.length;
  await vi.waitUntil(() => answers.length > before + 30, 20_000);
  await stop();
  expect(failures).toEqual([]);
  await vi.waitUntil(() => served.pool.pids.length === 2, 20_000);
});

it('a version whose artifact is replaced, since a photo was erased from it, is loaded from its new folder', async () => {
  await served.plan([stable(1)]);
  const copy = otherModel('v1-again', 1);
  await registerModel(served.store, { name: 'copy', uri: copy });
  const [from, to] = [await served.store.findVersion('leaf@1'), await served.store.findVersion('copy@1')];
  const erasure = { who: 'test', why: 'a photo is erased' };
  await served.store.replaceModelArtifact(from!.artifactId, to!.artifactId, erasure);
  const loadModel = vi.spyOn(served.pool, 'loadModel');
  await served.service.refresh();
  expect(loadModel).toHaveBeenCalledWith(expect.stringContaining('leaf@1'), copy);
  loadModel.mockRestore();
  rmSync(models.at('v1'), { recursive: true });
  for (const pid of served.pool.pids) process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => expect(versionOf(await predict())).toBe(1), 40_000);
  const events = await served.store.endpoints.endpointTimeline('leaf');
  expect(events).toContainEqual(expect.objectContaining({ action: 'set', ...erasure }));
});
