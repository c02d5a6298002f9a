import { v7 } from 'uuid';
import { advancePromotions } from '../../src/actions/promotion-advance.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { sha256 } from '../../src/contracts/digest.ts';
import type { PromotionPolicy } from '../../src/contracts/promotion.ts';
import type { RequestRecord } from '../../src/contracts/request-record.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import type { Promotion } from '../../src/store/promotion-store.ts';
import { registerModel } from './register-model.ts';
import { requestRecord } from './request-record.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { quiet } from './served-workspace.ts';

type Row = Partial<RequestRecord>;

/** A workspace with the versions of `leaf` in a registry, the first on the endpoint `leaf`, and a log that the test writes. */
export class PromotedEndpoint implements AsyncDisposable {
  readonly folder = new ScratchFolder();
  store!: OpenStore;
  #logged = 0;

  static async open(uris: readonly string[]): Promise<PromotedEndpoint> {
    const opened = new PromotedEndpoint();
    opened.store = await openStore({ workspace: opened.folder.at('workspace') });
    for (const uri of uris) await registerModel(opened.store, { name: 'leaf', uri, endpoint: 'leaf' });
    return opened;
  }

  get config() {
    return resolveConfig({
      flags: { workspace: this.store.workspace.dir, processes: '1' },
      env: {},
      cwd: '/',
      isTty: false,
    });
  }

  async start(policy: PromotionPolicy, { version = 2, who = 'test' } = {}): Promise<Promotion> {
    const wish = { endpoint: 'leaf', modelName: 'leaf', version, policy };
    return await this.store.promotions.open({ ...wish, who, why: 'test', at: new Date() });
  }

  /** One step of whatever is due. @returns the endpoint's newest promotion */
  async advance(now = new Date()): Promise<Promotion> {
    await advancePromotions(this.config, this.store, { now, logger: quiet });
    return (await this.store.promotions.list({ endpoint: 'leaf', limit: 1 }))[0]!;
  }

  /** @returns public ids */
  async log(rows: readonly Row[]): Promise<string[]> {
    const records = rows.map((row) =>
      requestRecord({ modelName: 'leaf', modelVersion: 1, requestId: v7(), label: 'healthy', ...row }),
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

  /** Photos that clients sent and that are kept, as version 1 answered them. */
  async keep(photos: readonly { bytes: Uint8Array; answer: string }[]): Promise<string[]> {
    const images = localImages(this.store.workspace.images);
    const rows: Row[] = [];
    for (const { bytes, answer } of photos) {
      const imageSha256 = sha256(bytes);
      await images.put('default', imageSha256, bytes);
      rows.push({ imageSha256, pixelsSha256: imageSha256, label: answer, imageKept: true } as Row);
    }
    return await this.log(rows);
  }

  /** What the candidate made of the answers, as its shadow. */
  async shadow(answers: readonly { of: string; label: string | null; status?: number }[]): Promise<void> {
    await this.log(
      answers.map(({ of, label, status = 200 }) => ({ modelVersion: 2, role: 'shadow', shadowOf: of, label, status })),
    );
  }

  async label(ids: readonly string[], truth: string): Promise<void> {
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
      who: 'test',
      note: null,
      requestAt: at,
      at,
      idempotencyKey: null,
    } as const;
    await this.store.feedback.add(ids.map((request) => ({ request, ...said, ...from })));
  }

  async plan(): Promise<string[]> {
    const endpoint = await this.store.endpoints.getEndpoint('leaf');
    return endpoint!.deployments.map(({ version, role, traffic }) => `${version} ${role} ${traffic}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store?.[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}
