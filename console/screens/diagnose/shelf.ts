import type { AnswerOf, BodyOf } from '../../../src/client/index.ts';
import type { DeviceAnswer } from '../../workers/on-device.ts';

export type Answer = Awaited<AnswerOf<'photos.predict'>>;
export type Capture = Awaited<AnswerOf<'endpoints.capture'>>;
export type Said = Pick<BodyOf<'endpoints.feedback'>, 'verdict' | 'label'>;

/** Photos of one leaf or plant, with what was answered. Kept on this device only. */
export interface Sheet {
  id: string;
  endpoint: string;
  /** Milliseconds since 1970. */
  at: number;
  photos: Blob[];
  /** Of all photos; null: not sent, or not all of them. */
  answer: Answer | null;
  /** What the model that is kept on this device said first. Absent: it was not asked. */
  onDevice?: DeviceAnswer | undefined;
  /** What the visitor said about it. */
  said: Said | null;
  /** The server has it. */
  isSaidSent: boolean;
}

const [name, store] = ['mitate-diagnose', 'sheets'];
let opened: Promise<IDBDatabase> | undefined;
/** A private window without storage: as long as the page. */
const inMemory = new Map<string, Sheet>();

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run<T>(mode: IDBTransactionMode, work: (sheets: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await open()).transaction(store, mode);
  const request = work(transaction.objectStore(store));
  return await new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Before anything is sent: a photo outlives a lost connection and a closed page. */
export async function keep(sheet: Sheet): Promise<void> {
  try {
    await run('readwrite', (sheets) => sheets.put(sheet));
  } catch {
    inMemory.set(sheet.id, sheet);
  }
}

export async function remove(id: string): Promise<void> {
  inMemory.delete(id);
  await run('readwrite', (sheets) => sheets.delete(id)).catch(() => {});
}

/** Newest first. */
export async function sheetsOf(endpoint: string): Promise<Sheet[]> {
  const kept = await run<Sheet[]>('readonly', (sheets) => sheets.getAll()).catch(() => []);
  const all = [...kept.filter(({ id }) => !inMemory.has(id)), ...inMemory.values()];
  return all.filter((sheet) => sheet.endpoint === endpoint).sort((a, b) => b.at - a.at);
}
