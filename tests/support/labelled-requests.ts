import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { exportFlywheel } from '../../src/actions/datasets/flywheel/export.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import type { LabelAttributes } from '../../src/contracts/loop/feedback.ts';
import type { FlywheelExport, flywheelPolicySchema } from '../../src/contracts/loop/flywheel.ts';
import type { RequestRecord } from '../../src/contracts/request-record.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { requestRecord } from './request-record.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { tester } from './tester.ts';
import { unaudited } from './unaudited.ts';

/** A store with the endpoint `leaf`, whose answered photos are kept and labelled; no model runs. */
export class LabelledRequests implements AsyncDisposable {
  readonly store: OpenStore;
  readonly scratch = new ScratchFolder();
  readonly #workspace: ScratchFolder | undefined;
  #segment = 0;

  private constructor(store: OpenStore, workspace?: ScratchFolder) {
    this.store = store;
    this.#workspace = workspace;
  }

  static async open(options: { serves?: boolean } = {}): Promise<LabelledRequests> {
    const workspace = new ScratchFolder();
    const store = await openStore({ workspace: workspace.path, ...options });
    await unaudited(store).endpoints.createEndpoint('leaf', { who: 'test', why: 'test' });
    return new LabelledRequests(store, workspace);
  }

  /** In a store that has the endpoint, and that is closed elsewhere. */
  static in(store: OpenStore): LabelledRequests {
    return new LabelledRequests(store);
  }

  /** The same database as another project: opening one takes a second. */
  async another(): Promise<LabelledRequests> {
    const name = `project-${randomUUID().slice(0, 8)}`;
    await unaudited(this.store).access.createProject({ name, description: '' });
    const store = this.store.forProject(name);
    await unaudited(store).endpoints.createEndpoint('leaf', { who: 'test', why: 'test' });
    return new LabelledRequests(store);
  }

  /** A photo is answered and kept, as if it had been sent with metadata that are no longer there. @returns its public id */
  async answer(photo: Uint8Array, change: Partial<RequestRecord> = {}, { kept = true } = {}): Promise<RequestRecord> {
    const imageSha256 = sha256(Buffer.concat([photo, Buffer.from('as it was sent')]));
    const record = requestRecord({ project: this.store.project, imageSha256, pixelsSha256: sha256(photo), ...change });
    const row = JSON.stringify({ ...record, imageKept: kept });
    await this.store.requests.ingest('test', [row], { segment: ++this.#segment, offset: 0 });
    if (kept) await localImages(this.store.workspace.images).put(this.store.project, record.imageSha256!, photo);
    return record;
  }

  async label(
    { publicId, endpoint, loggingTime }: RequestRecord,
    label: string,
    who = 'test',
    attributes: LabelAttributes | null = null,
  ): Promise<void> {
    const said = {
      label,
      truth: label,
      newClass: false,
      verdict: null,
      event: null,
      value: null,
      note: null,
      attributes,
    };
    const place = { request: publicId, endpoint, requestAt: new Date(loggingTime), at: new Date() };
    const by = { source: 'api', who, idempotencyKey: null } as const;
    await unaudited(this.store).feedback.add([{ kind: 'label', ...said, ...place, ...by }]);
  }

  async answered(photo: Uint8Array, label: string): Promise<RequestRecord> {
    const record = await this.answer(photo);
    await this.label(record, label);
    return record;
  }

  /** Into the folder `spans`. */
  async export(policy: Partial<z.input<typeof flywheelPolicySchema>> = {}): Promise<FlywheelExport> {
    const now = new Date();
    const config = { pipelines: this.scratch.path };
    return await exportFlywheel(
      config,
      this.store,
      { to: 'spans', endpoint: 'leaf', ...policy },
      { now, actor: tester },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    this.#workspace?.[Symbol.dispose]();
    this.scratch[Symbol.dispose]();
  }
}
