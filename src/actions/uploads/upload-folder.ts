import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MitateError } from '../../errors/index.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { UploadIndex } from './upload-index.ts';

export type UploadStore = Pick<OpenStore, 'project' | 'workspace'>;

/** `upload.json`. */
const aboutSchema = z.object({
  id: z.string(),
  name: z.string(),
  who: z.string(),
  createdAt: z.coerce.date(),
  finishedAt: z.coerce.date().nullable(),
});
export type About = z.output<typeof aboutSchema>;

/** Where a project's uploads are: among the data that the project may name over HTTP. */
export const uploadsFolder = ({ project, workspace }: UploadStore) => join(workspace.data, project, 'uploads');

/** The parts of an upload. `photos` is an ordinary source: a folder per label. */
export function uploadAt(store: UploadStore, id: string) {
  const folder = join(uploadsFolder(store), id);
  const at = (name: string) => join(folder, name);
  return {
    folder,
    about: at('upload.json'),
    index: at('photos.jsonl'),
    photos: at('photos'),
    incoming: at('incoming'),
  };
}

const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws UPLOAD_UNKNOWN */
export async function readAbout(store: UploadStore, id: string): Promise<About> {
  const text = idShape.test(id) ? await readFile(uploadAt(store, id).about, 'utf8').catch(() => null) : null;
  const found = text === null ? null : aboutSchema.safeParse(JSON.parse(text));
  if (!found?.success) throw new MitateError('UPLOAD_UNKNOWN', { id });
  return found.data;
}

export async function writeAbout(store: UploadStore, about: About): Promise<void> {
  await writeWhole(uploadAt(store, about.id).about, `${JSON.stringify(about)}\n`);
}

/** Ids of a project's uploads, in no order. */
export async function uploadIds(store: UploadStore): Promise<string[]> {
  return (await readdir(uploadsFolder(store)).catch(() => [])).filter((name) => idShape.test(name));
}

/** Indexes of the uploads that were asked for last: each photo of an upload asks for it. */
export class UploadIndexes {
  readonly #open = new Map<string, UploadIndex>();

  async of(store: UploadStore, id: string): Promise<UploadIndex> {
    const { index: file } = uploadAt(store, id);
    const index = this.#open.get(file) ?? new UploadIndex(file);
    this.#open.delete(file);
    this.#open.set(file, index);
    const [oldest] = this.#open.keys();
    if (this.#open.size > mostOpen && oldest !== undefined) this.#open.delete(oldest);
    return await index.refresh();
  }
}

/** 10 MB each at most. */
const mostOpen = 8;
