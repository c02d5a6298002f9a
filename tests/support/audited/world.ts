import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sha256 } from '../../../src/codecs/digest.ts';
import type { AuditEntry } from '../../../src/contracts/audit.ts';
import type { RequestRecord } from '../../../src/contracts/request-record.ts';
import { localImages } from '../../../src/store/images/image-store.ts';
import type { OpenStore } from '../../../src/store/open-store.ts';
import { registerModel } from '../register-model.ts';
import { requestRecord } from '../request-record.ts';
import { runHere } from '../run-here.ts';
import type { ScratchFolder } from '../scratch-folder.ts';
import { localToken, type ServedApp } from '../served-app.ts';
import { smallPhoto } from '../small-photo.ts';
import { sourceFlags } from '../source-flags.ts';
import { unaudited } from '../unaudited.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

export type Door = 'cli' | 'http';

export interface HttpAsk {
  method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  payload?: object | string | Buffer;
  headers?: Record<string, string>;
  /** Without the token of this machine. */
  isAnonymous?: boolean;
  /** With which it is refused, as it should be. */
  status?: number;
}

/** One workspace, which each door uses through a project of its own, so that names may be the same. */
export class World {
  readonly door: Door;
  readonly project: string;
  readonly store: OpenStore;
  readonly served: ServedApp;
  /** Holds the pipelines. */
  readonly folder: ScratchFolder;
  #segment = 0;

  private constructor(door: Door, served: ServedApp, folder: ScratchFolder) {
    this.door = door;
    this.project = `through-${door}`;
    this.served = served;
    this.store = served.served.store.forProject(this.project);
    this.folder = folder;
  }

  /** @param uris Model folders: versions 1, 2 of `leaf`; the first answers on the endpoint `leaf` */
  static async open(door: Door, served: ServedApp, folder: ScratchFolder, uris: readonly string[]): Promise<World> {
    const world = new World(door, served, folder);
    await unaudited(served.served.store).access.createProject({ name: world.project, description: '' });
    for (const uri of uris) await registerModel(world.store, { name: 'leaf', uri, endpoint: 'leaf' });
    for (const uri of uris) await registerModel(world.store, { name: 'unserved', uri });
    return world;
  }

  /** Answered photos of `leaf` that are kept. @returns public ids */
  async answered(seeds: readonly number[]): Promise<string[]> {
    const records: RequestRecord[] = [];
    for (const seed of seeds) {
      const photo = await smallPhoto(seed);
      const response = { label: 'unwell', probabilities: { healthy: 0.1, unwell: 0.9 }, probability: 0.9 };
      const pictures = { imageSha256: sha256(photo), pixelsSha256: sha256(photo) };
      const of = { project: this.project, subject: 'the-oak', modelName: 'leaf', modelVersion: 1 };
      const about = { ...of, response, ...pictures };
      records.push(requestRecord({ ...about, publicId: randomUUID() }));
      await localImages(this.store.workspace.images).put(this.project, sha256(photo), photo);
    }
    const rows = records.map((record) => JSON.stringify({ ...record, imageKept: true }));
    await this.store.requests.ingest(this.project, rows, { segment: ++this.#segment, offset: 0 });
    return records.map(({ publicId }) => publicId);
  }

  /** `mitate ...` in this process. */
  async mitate(args: readonly string[], input = ''): Promise<void> {
    const { dir } = this.store.workspace;
    const global = ['--workspace', dir, '--project', this.project, '--json'];
    const { code, stderr } = await runHere([...args, ...global], input);
    if (code !== 0) throw new Error(`mitate ${args.join(' ')} exited with ${code}: ${stderr}`);
  }

  /** The same in a process of its own. */
  async spawn(args: readonly string[]): Promise<void> {
    const global = ['--workspace', this.store.workspace.dir, '--project', this.project, '--json'];
    const options = { cwd: this.folder.path };
    await promisify(execFile)(process.execPath, [...sourceFlags, main, ...args, ...global], options);
  }

  async ask({
    method = 'POST',
    url,
    payload,
    headers,
    isAnonymous = false,
    status,
  }: HttpAsk): Promise<Record<string, unknown>> {
    const answer = await this.served.app.inject({
      method,
      url,
      headers: isAnonymous
        ? {}
        : { authorization: `Bearer ${localToken}`, 'x-mitate-project': this.project, ...headers },
      ...(payload !== undefined && { payload }),
    });
    if (answer.statusCode >= 400 && answer.statusCode !== status)
      throw new Error(`${method} ${url}: ${answer.statusCode} ${answer.body}`);
    return answer.body === '' ? {} : answer.json();
  }

  /** What a row says, without what differs from one door, or one moment, to the next. */
  plain({ project, action, subject, details }: AuditEntry): object {
    const text = JSON.stringify({ project, action, subject, details })
      .replaceAll(this.project, '<project>')
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<moment>')
      .replaceAll(/(?<=")[0-9a-z]{16}(?=")/g, '<key>')
      .replaceAll(/notes-[0-9a-f]{12}/g, '<release>');
    return JSON.parse(text);
  }
}
