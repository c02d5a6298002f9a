/** The process that sends the load. Its parent sends a `LoadPlan`, waits for `ready`, sends `go`, and gets a `LoadResult`. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../src/math/stats/random.ts';
import { Connection, type Response } from './connection.ts';
import type { BodyEncoding, LoadPlan, LoadResult, Sample } from './plan.ts';

class Generator {
  readonly #plan: LoadPlan;
  readonly #requests: Uint8Array[][];
  readonly #url: URL;
  readonly #idle: Connection[] = [];
  readonly #result: LoadResult = { samples: [], answers: [], seconds: 0, cpuShare: 0, lateMs: 0 };
  readonly #late: number[] = [];
  #sent = 0;
  #startedAt = 0;

  constructor(plan: LoadPlan, photos: readonly Uint8Array[]) {
    this.#plan = plan;
    this.#url = new URL(plan.url);
    this.#requests = photos.length
      ? photos.map((photo) => {
          const { type, bytes } = encoded(photo, plan.body);
          return [this.#head('POST', type, bytes.length), bytes];
        })
      : [[this.#head('GET')]];
  }

  async run(): Promise<LoadResult> {
    const before = process.cpuUsage();
    this.#startedAt = performance.now();
    await (this.#plan.arrivals.kind === 'closed' ? this.#closed(this.#plan.arrivals.clients) : this.#poisson());
    const { user, system } = process.cpuUsage(before);
    this.#result.cpuShare = (user + system) / 1000 / this.#elapsedMs;
    this.#late.sort((a, b) => a - b);
    this.#result.lateMs = this.#late[Math.floor(0.99 * this.#late.length)] ?? 0;
    for (const connection of this.#idle) connection.close();
    return this.#result;
  }

  get #elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  get #isOver(): boolean {
    return this.#elapsedMs >= 1000 * this.#plan.seconds || this.#sent >= (this.#plan.requests ?? Infinity);
  }

  async #closed(clients: number): Promise<void> {
    const client = async () => {
      while (!this.#isOver) {
        const { status } = await this.#one(this.#elapsedMs);
        // a refused connection answers at once: without a pause a dead server would be asked 10,000 times a second
        if (status === 0) await sleep(20);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    this.#result.seconds = this.#elapsedMs / 1000;
  }

  async #poisson(): Promise<void> {
    const { arrivals } = this.#plan;
    if (arrivals.kind !== 'poisson') return;
    const random = new Random(arrivals.seed);
    const open = new Set<Promise<unknown>>();
    for (let dueMs = 0; !this.#isOver; dueMs -= (1000 * Math.log(1 - random.float())) / arrivals.perSecond) {
      const wait = dueMs - this.#elapsedMs;
      if (wait > 0.5) await sleep(wait);
      this.#late.push(Math.max(0, this.#elapsedMs - dueMs));
      const done: Promise<unknown> = this.#one(dueMs).finally(() => open.delete(done));
      open.add(done);
    }
    this.#result.seconds = this.#elapsedMs / 1000;
    await Promise.all(open);
  }

  async #one(dueMs: number): Promise<Sample> {
    const connection = this.#connection();
    const sample: Sample = { atMs: dueMs, latencyMs: 0, status: 0 };
    try {
      const request = this.#requests[this.#sent++ % this.#requests.length] as Uint8Array[];
      const response = await connection.send(request, this.#plan.timeoutMs);
      sample.status = response.status;
      sample.latencyMs = this.#elapsedMs - dueMs;
      if (response.status === 429 || response.status === 503)
        sample.retryAfter = /\r\nretry-after:/i.test(response.headers);
      if (this.#plan.readAnswers && response.status === 200) this.#read(response);
      if (connection.isOpen) this.#idle.push(connection);
    } catch (error) {
      sample.latencyMs = this.#elapsedMs - dueMs;
      sample.failure = (error as { code?: string }).code ?? String(error);
    }
    this.#result.samples.push(sample);
    return sample;
  }

  /** One that waits, if the server has not closed it meanwhile (after 72 s). */
  #connection(): Connection {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) if (idle.isOpen) return idle;
    return new Connection(this.#url);
  }

  #read({ body }: Response): void {
    const { predictions } = JSON.parse(body.toString());
    for (const { id, model, deployment } of predictions)
      this.#result.answers.push({ id, version: model?.version ?? null, role: deployment?.role });
  }

  #head(method: string, type = '', length?: number): Uint8Array {
    const lines = [`${method} ${this.#plan.path} HTTP/1.1`, `Host: ${this.#url.host}`];
    for (const [name, value] of Object.entries(this.#plan.headers)) lines.push(`${name}: ${value}`);
    if (length !== undefined) lines.push(`Content-Type: ${type}`, `Content-Length: ${length}`);
    return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  }
}

function encoded(photo: Uint8Array, body: BodyEncoding): { type: string; bytes: Uint8Array } {
  if (body === 'photo') return { type: 'image/jpeg', bytes: photo };
  if (body === 'instances') {
    const image = { b64: Buffer.from(photo).toString('base64') };
    return { type: 'application/json', bytes: Buffer.from(JSON.stringify({ instances: [{ image }] })) };
  }
  const boundary = 'photo-boundary';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;
  const bytes = Buffer.concat([Buffer.from(head), photo, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { type: `multipart/form-data; boundary=${boundary}`, bytes };
}

process.on('disconnect', () => process.exit(0));
process.once('message', async (plan: LoadPlan) => {
  const generator = new Generator(plan, await Promise.all(plan.photos.map((file) => readFile(file))));
  process.send?.('ready');
  process.once('message', async () => {
    const result = await generator.run();
    process.send?.(result, () => process.exit(0));
  });
});
