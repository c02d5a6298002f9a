import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { errorBodySchema, type PredictResponse } from '../../../src/contracts/served-prediction.ts';
import { Random } from '../../../src/math/stats/random.ts';
import { drawnPhotos } from '../../support/drawn-photos.ts';
import { ScratchFolder } from '../../support/scratch-folder.ts';
import { ServedApp } from '../../support/served-app.ts';
import { trainedModels } from '../../support/trained-models.ts';
import { mutateBytes, mutateRequest } from './mutate.ts';
import { type FuzzRequest, soundRequest } from './seeds.ts';

const inFlight = 8;

const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
let api: ServedApp;
let photos: Buffer[];

/** The same request for the same number. Of ten, three have a mutated photo in a sound request, six are mutated themselves. */
function requestOf(number: number): FuzzRequest {
  const random = new Random(`fuzz ${number}`);
  const photo = random.pick(photos);
  const kind = random.int(10);
  const sound = soundRequest(random, kind < 4 ? mutateBytes(random, photo) : photo);
  return kind < 3 ? sound : mutateRequest(random, sound);
}

/** As it is: what other clients would correct or refuse to send goes out too. */
async function send({ method, url, headers, body }: FuzzRequest): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(api.url);
  const sent = request({ agent, hostname, port, method, path: url, headers: { 'x-api-key': api.key, ...headers } });
  sent.setTimeout(20_000, () => sent.destroy(new Error('no answer within 20 s')));
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const text = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode!, text };
}

const googleShape = z.strictObject({
  error: z.strictObject({
    code: z.int(),
    message: z.string(),
    status: z.string(),
    details: z.array(z.object({ reason: z.string() })).length(1),
  }),
});
/** Below these prefixes unknown paths are refused in the protocol's shape too: its clients read no other. */
const protocolsOfText = /^\/v[12](?![^/?])/;

function hasShape(text: string, url: string): boolean {
  const json = JSON.parse(text) as { error?: unknown };
  if (errorBodySchema.strict().safeParse(json).success) return true;
  if (googleShape.safeParse(json).success) return url.startsWith('/v1/projects');
  return protocolsOfText.test(url) && Object.keys(json).join() === 'error' && typeof json.error === 'string';
}

/** What is wrong with an answer; null = nothing. */
function faultOf(status: number, text: string, url: string): string | null {
  if (status === 200) return null;
  const isToldToWait = status === 503 && text.includes('QUEUE_FULL');
  if (status < 400 || (status >= 500 && !isToldToWait)) return `status ${status}: ${text.slice(0, 300)}`;
  return hasShape(text, url) ? null : `another shape: ${text.slice(0, 300)}`;
}

async function probability(): Promise<number> {
  const payload = { payload: photos[0]!, headers: { 'content-type': 'image/jpeg' } };
  const response = await api.ask('POST', '/api/v1/endpoints/leaf:predict', payload);
  return response.json<PredictResponse>().predictions[0]!.probability;
}

/** A server, and so many mutated requests, eight at a time. */
export function describeFuzz(requests: number): void {
  vi.setConfig({ hookTimeout: 240_000, testTimeout: 600_000 });
  const folder = new ScratchFolder();

  beforeAll(async () => {
    api = await ServedApp.open(await trainedModels(folder.path, 1), { processes: 2 });
    const { bytes } = (await drawnPhotos(1, { size: 64, labels: 1 }))[0]!;
    photos = [Buffer.from(bytes), await sharp(bytes).png().toBuffer(), await sharp(bytes).webp().toBuffer()];
  });
  afterAll(async () => {
    agent.destroy();
    await api?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it(`answers ${requests} mutated requests: none with a 500, each refusal in its protocol's shape, and works on`, async () => {
    const pids = api.served.pool.pids;
    const before = await probability();
    const faults: string[] = [];
    const statuses = new Map<number, number>();
    let next = 0;
    const client = async () => {
      while (next < requests) {
        const number = next++;
        const asked = requestOf(number);
        const { status, text } = await send(asked);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const fault = faultOf(status, text, asked.url);
        if (fault) faults.push(`request ${number}, ${asked.method} ${asked.url}: ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, client));
    expect(faults).toEqual([]);
    expect(api.served.pool.pids).toEqual(pids);
    expect(await probability()).toBe(before);
    // a fuzz that nothing passes, or that passes everywhere, looks at little
    const share = (status: number) => (statuses.get(status) ?? 0) / requests;
    expect(share(200)).toBeGreaterThan(0.1);
    for (const status of [400, 404, 415, 422]) expect(share(status), String(status)).toBeGreaterThan(0.005);
  });
}
