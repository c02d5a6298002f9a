import { ApiError } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';
import type { Planned } from './plan.ts';

export interface Failure {
  path: string;
  error: unknown;
}

export interface Progress {
  state: 'sending' | 'paused' | 'done';
  /** Photos that are at the server, and their bytes. */
  sent: number;
  sentBytes: number;
  failures: readonly Failure[];
  /** Why it is paused: nothing that was chosen is lost. */
  why: unknown;
}

const atOnce = 3;

/** What concerns one photo; everything else concerns all of them, and pauses. */
const isOfOnePhoto = ({ code }: ApiError) =>
  code.startsWith('IMAGE_') ||
  [
    'UPLOAD_PATH_INVALID',
    'UPLOAD_NAME_TAKEN',
    'UPLOAD_PHOTO_ERASED',
    'HTTP_BODY_TOO_LARGE',
    'REQUEST_TEXT_INVALID',
  ].includes(code);

/** Sends photos one by one; goes on where it stopped. */
export class Sender {
  readonly #upload: string;
  readonly #waiting: Planned[];
  readonly #listeners = new Set<() => void>();
  #progress: Progress = { state: 'paused', sent: 0, sentBytes: 0, failures: [], why: null };
  #running = 0;

  /** @param there photos that the server has, by path */
  constructor(upload: string, photos: readonly Planned[], there: ReadonlyMap<string, number>) {
    this.#upload = upload;
    const isThere = ({ to, bytes }: Planned) => there.get(to) === bytes;
    this.#waiting = photos.filter((photo) => !isThere(photo));
    const known = photos.filter(isThere);
    const sentBytes = known.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#progress = { ...this.#progress, sent: known.length, sentBytes };
  }

  readonly progress = (): Progress => this.#progress;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly resume = (): void => {
    if (this.#progress.state !== 'paused') return;
    this.#set({ state: 'sending', why: null });
    for (let more = atOnce - this.#running; more > 0; more--) {
      this.#running++;
      void this.#work();
    }
  };

  readonly pause = (): void => this.#pause(null);

  #pause(why: unknown): void {
    if (this.#progress.state === 'sending') this.#set({ state: 'paused', why });
  }

  async #work(): Promise<void> {
    while (this.#progress.state === 'sending') {
      const photo = this.#waiting.shift();
      if (!photo) break;
      try {
        await this.#send(photo);
      } catch (error) {
        this.#waiting.unshift(photo);
        this.#pause(error);
      }
    }
    this.#running--;
    if (this.#running === 0 && this.#waiting.length === 0 && this.#progress.state === 'sending')
      this.#set({ state: 'done' });
  }

  /** @throws what concerns more than this photo */
  async #send(photo: Planned): Promise<void> {
    const fail = (error: unknown) => this.#set({ failures: [...this.#progress.failures, { path: photo.path, error }] });
    let content: Blob;
    try {
      content = await photo.read();
      // a file of a phone's cloud may be gone by now
      await content.slice(0, 1).arrayBuffer();
    } catch (error) {
      fail(error);
      return;
    }
    try {
      await client.uploads.add(this.#upload, photo.to, content);
    } catch (error) {
      if (!(error instanceof ApiError) || !isOfOnePhoto(error)) throw error;
      fail(error);
      return;
    }
    this.#set({ sent: this.#progress.sent + 1, sentBytes: this.#progress.sentBytes + photo.bytes });
  }

  #set(change: Partial<Progress>): void {
    this.#progress = { ...this.#progress, ...change };
    for (const listener of this.#listeners) listener();
  }
}
