import { appendFile, open, readFile, stat } from 'node:fs/promises';
import { type UploadedPhoto, uploadedPhotoSchema } from '../../contracts/loop/upload.ts';
import { writeWhole } from '../../files/write-whole.ts';

/** `photos.jsonl` of an upload: one line per photo, appended once the photo is there. Reads only what is new. */
export class UploadIndex {
  readonly #file: string;
  readonly #photos = new Map<string, UploadedPhoto>();
  #bytes = 0;
  /** Of the file: how far it was read, and which one. */
  #read = { at: 0, file: 0 };
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** By path, in order of arrival. */
  get photos(): ReadonlyMap<string, UploadedPhoto> {
    return this.#photos;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** One after the other: photos come several at a time. */
  refresh(): Promise<this> {
    const refreshed = this.#last.then(() => this.#readNew());
    this.#last = refreshed.catch(() => {});
    return refreshed;
  }

  async #readNew(): Promise<this> {
    const { size, ino } = await stat(this.#file);
    if (ino !== this.#read.file || size < this.#read.at) {
      this.#photos.clear();
      this.#bytes = 0;
      this.#read = { at: 0, file: ino };
    }
    if (size === this.#read.at) return this;
    const text = await textFrom(this.#file, this.#read.at, size);
    // another process may be writing the last line
    const whole = text.subarray(0, text.lastIndexOf(10) + 1);
    this.#read.at += whole.length;
    for (const line of whole.toString().split('\n')) if (line !== '') this.#take(line);
    return this;
  }

  /** The line break before it ends what a server that died left of a line. */
  async add(photo: UploadedPhoto): Promise<void> {
    await appendFile(this.#file, `\n${JSON.stringify(photo)}\n`);
  }

  async replace(photos: Iterable<UploadedPhoto>): Promise<void> {
    await writeWhole(
      this.#file,
      [...photos].map((photo) => `${JSON.stringify(photo)}\n`),
    );
  }

  #take(line: string): void {
    const photo = photoOf(line);
    // a server that died before its answer was asked again
    if (photo === null || this.#photos.has(photo.path)) return;
    this.#photos.set(photo.path, photo);
    this.#bytes += photo.bytes;
  }
}

/** null: half a line, whose photo was never acknowledged. */
function photoOf(line: string): UploadedPhoto | null {
  try {
    return uploadedPhotoSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

async function textFrom(path: string, from: number, to: number): Promise<Buffer> {
  if (from === 0) return await readFile(path);
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
  return buffer.subarray(0, bytesRead);
}
