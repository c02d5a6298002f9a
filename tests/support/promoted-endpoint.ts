import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { advancePromotions } from '../../src/actions/promotions/advance.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import { resolveConfig } from '../../src/config/config.ts';
import type { DeploymentRole } from '../../src/contracts/endpoint.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import type { Promotion, PromotionPolicy } from '../../src/contracts/loop/promotion.ts';
import type { RequestRecord } from '../../src/contracts/request-record.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { registerModel } from './register-model.ts';
import { requestRecord } from './request-record.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { unaudited } from './unaudited.ts';

type Row = Partial<RequestRecord>;

/** A workspace with the versions of `leaf` in a registry, the first on the endpoint `leaf`, and a log that the test writes. */
export class PromotedEndpoint implements AsyncDisposable {
  readonly store: OpenStore;
  readonly #folder: ScratchFolder | null;
  #logged = 0;

  private constructor(store: OpenStore, folder: ScratchFolder | null) {
    this.store = store;
    this.#folder = folder;
  }

  static async open(uris: readonly string[]): Promise<PromotedEndpoint> {
    const folder = new ScratchFolder();
    const opened = new PromotedEndpoint(await openStore({ workspace: folder.at('workspace') }), folder);
    return await opened.#register(uris);
  }

  /** The same database as another project: opening one takes a second. */
  async another(uris: readonly string[]): Promise<PromotedEndpoint> {
    const name = `project-${randomUUID().slice(0, 8)}`;
    await unaudited(this.store).access.createProject({ name, description: '' });
    return await new PromotedEndpoint(this.store.forProject(name), null).#register(uris);
  }

  async #register(uris: readonly string[]): Promise<this> {
    for (const uri of uris) await registerModel(this.store, { name: 'leaf', uri, endpoint: 'leaf' });
    return this;
  }

  get config() {
    return resolveConfig({
      flags: { workspace: this.store.workspace.dir, processes: '1' },
      env: {},
      cwd: '/',
      isTty: false,
    });
  }

  /** @param isServed it is a shadow already, which needs no booting: a second of CPU */
  async start(policy: PromotionPolicy, { version = 2, who = 'test', isServed = true } = {}): Promise<Promotion> {
    if (isServed) await this.#deployShadow(version);
    const wish = { endpoint: 'leaf', modelName: 'leaf', version, policy };
    return await unaudited(this.store).promotions.open({ ...wish, who, why: 'test', at: new Date() });
  }

  async #deployShadow(version: number): Promise<void> {
    const { deployments } = (await this.store.endpoints.getEndpoint('leaf'))!;
    if (deployments.some((each) => each.version === version)) return;
    const shadow = { modelName: 'leaf', version, role: 'shadow', traffic: 100 } as const;
    const plan = [
      ...deployments.map(({ modelName, version, role, traffic }) => ({ modelName, version, role, traffic })),
      shadow,
    ];
    await unaudited(this.store).endpoints.planEndpoint('leaf', plan, { action: 'deploy', who: 'test', why: 'test' });
  }

  /** One step of whatever is due. @returns the endpoint's newest promotion */
  async advance(now = new Date()): Promise<Promotion> {
    await advancePromotions(this.config, this.store, { now, logger: silentLogger });
    return (await this.store.promotions.list({ endpoint: 'leaf', limit: 1 }))[0]!;
  }

  /** @returns public ids */
  async log(rows: readonly Row[]): Promise<string[]> {
    const records = rows.map((row) =>
      requestRecord({
        project: this.store.project,
        modelName: 'leaf',
        modelVersion: 1,
        requestId: v7(),
        label: 'healthy',
        ...row,
      }),
    );
    this.#logged += rows.length;
    const lines = records.map((record) => JSON.stringify({ imageKept: false, ...record }));
    await this.store.requests.ingest('test', lines, { segment: 1, offset: this.#logged });
    return records.map(({ publicId }) => publicId);
  }

  /** Answers of the canary and of the champion, `canary` of 100 by the former. */
  async answer(
    count: number,
    canary: number,
    rowOf: (isCanary: boolean, i: number) => Row = () => ({}),
  ): Promise<string[]> {
    const rows = Array.from({ length: count }, (_, i) => {
      const isCanary = (i * 37) % 100 < canary;
      const version: Row = isCanary ? { modelVersion: 2, role: 'canary' } : { modelVersion: 1 };
      return { ...version, ...rowOf(isCanary, i) };
    });
    return await this.log(rows);
  }

  /** Photos that clients sent and that are kept, as version 1 answered them unless another is named. */
  async keep(photos: readonly { bytes: Uint8Array; answer: string; version?: number }[]): Promise<string[]> {
    const images = localImages(this.store.workspace.images);
    const rows: Row[] = [];
    for (const { bytes, answer, version = 1 } of photos) {
      const imageSha256 = sha256(bytes);
      await images.put(this.store.project, imageSha256, bytes);
      rows.push({
        imageSha256,
        pixelsSha256: imageSha256,
        label: answer,
        imageKept: true,
        modelVersion: version,
      } as Row);
    }
    return await this.log(rows);
  }

  /** What the candidate made of the answers, as its shadow. */
  async shadow(answers: readonly { of: string; label: string | null; status?: number }[]): Promise<void> {
    await this.log(
      answers.map(({ of, label, status = 200 }) => ({ modelVersion: 2, role: 'shadow', shadowOf: of, label, status })),
    );
  }

  async label(ids: readonly string[], truth: string, who = 'test'): Promise<void> {
    const at = new Date();
    const said = {
      endpoint: 'leaf',
      kind: 'label',
      label: truth,
      truth,
      newClass: false,
      verdict: null,
      event: null,
    } as const;
    const from = {
      value: null,
      source: 'api',
      who,
      note: null,
      requestAt: at,
      at,
      idempotencyKey: null,
    } as const;
    await unaudited(this.store).feedback.add(ids.map((request) => ({ request, ...said, ...from })));
  }

  /** What users did with the answers, or a business event of a value in a currency. */
  async react(ids: readonly string[], said: string | { value: number; currency: string }): Promise<void> {
    const at = new Date();
    const event =
      typeof said === 'string'
        ? { kind: 'event', event: said, value: null }
        : { kind: 'business', event: 'sold', ...said };
    const none = { endpoint: 'leaf', label: null, truth: null, newClass: false, verdict: null, note: null } as const;
    const from = { source: 'api', who: 'test', requestAt: at, at, idempotencyKey: null } as const;
    await unaudited(this.store).feedback.add(
      ids.map((request) => ({
        request,
        ...none,
        ...from,
        ...(event as { kind: 'event'; event: string; value: null }),
      })),
    );
  }

  /** As `plan` tells it. */
  async setByHand(plan: readonly string[]): Promise<void> {
    const whole = plan.map((each) => {
      const [version, role, traffic] = each.split(' ') as [string, DeploymentRole, string];
      return { modelName: 'leaf', version: Number(version), role, traffic: Number(traffic) };
    });
    await unaudited(this.store).endpoints.planEndpoint('leaf', whole, { action: 'traffic', who: 'hand', why: 'hand' });
  }

  async plan(): Promise<string[]> {
    const endpoint = await this.store.endpoints.getEndpoint('leaf');
    return endpoint!.deployments.map(({ version, role, traffic }) => `${version} ${role} ${traffic}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // what is left under way would be advanced by the next test
    for (const { id, revision, step } of await this.store.promotions.list({ active: true })) {
      const decision = { who: 'test', why: 'the test is over', evidence: null, artifact: null };
      await this.store.promotions.move(id, revision, { state: 'aborted', step, gate: null, at: new Date(), decision });
    }
    if (this.#folder === null) return;
    await this.store[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}
