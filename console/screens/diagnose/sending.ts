import { ApiError, createClient } from '../../../src/client/index.ts';
import type { DeviceAnswer } from '../../workers/on-device.ts';
import type { Answer, Sheet } from './shelf.ts';

const client = createClient({ url: location.origin });

/** Above that, and only then, a photo is made smaller: what the server gets is what was taken. */
const mostBytes = 8 * 1024 * 1024;
const longestSide = 2_048;

const tries = 5;
const againMs = 1_000;

export const captureOf = client.endpoints.capture;

/** Whether there was no answer at all, or one that says "later": the same may be sent again. */
export const isLater = (error: unknown) => !(error instanceof ApiError) || error.status === 429 || error.status >= 500;

/** About all photos of a sheet; the same again is answered once. */
export async function ask({ id, endpoint, photos }: Sheet): Promise<Answer> {
  const idempotencyKey = `${id}-${photos.length}`;
  const several = photos.length > 1 ? { subject: id } : {};
  return await client.predict(endpoint, photos, { idempotencyKey, ...several });
}

/** The sheet with the server's answer. A verdict on another answer of this device is no verdict on it. */
export function answered(sheet: Sheet, answer: Answer): Sheet {
  const { onDevice, said } = sheet;
  const first = onDevice && labelOf(onDevice);
  if (first === undefined || said?.verdict === undefined || first === labelOf(answer)) return { ...sheet, answer };
  return { ...sheet, answer, said: said.verdict === 'right' ? { label: first } : null };
}

/** Of all photos, also where it is not sure. */
export function labelOf({ combined, predictions }: Answer | DeviceAnswer): string | undefined {
  const { leaning, label } = combined ?? predictions.at(-1) ?? {};
  return leaning ?? label;
}

export async function say({ id, endpoint, answer, said }: Sheet): Promise<void> {
  const prediction = answer?.predictions.at(-1)?.id;
  if (prediction === undefined || said === null) return;
  const idempotencyKey = `${id} ${said.verdict ?? said.label}`.slice(0, 200);
  for (let left = tries; ; left--) {
    try {
      await client.endpoints.feedback(endpoint, { id: prediction, ...said, idempotencyKey });
      return;
    } catch (error) {
      // an answer of this moment is in the log a little later
      if (left === 0 || !(error instanceof ApiError && error.code === 'FEEDBACK_REQUEST_UNKNOWN')) throw error;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}

/** Days that a shared diagnosis can be opened. */
const sharedDays = 14;

/** A link to the answer of the last photo, which is stored for as long. */
export async function shareOf({ answer, photos }: Sheet) {
  const { id } = answer!.predictions.at(-1)!;
  const photo = base64(new Uint8Array(await photos.at(-1)!.arrayBuffer()));
  return await client.feedback.link({ id, ask: 'nothing', days: sharedDays, photo });
}

function base64(bytes: Uint8Array): string {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 32_768) parts.push(String.fromCharCode(...bytes.subarray(at, at + 32_768)));
  return btoa(parts.join(''));
}

export interface Neighbour {
  sha256: string;
  label: string;
  address: string;
}

const mostNeighbours = 3;

/** Of training photos, those that a data set still has. */
export async function neighboursOf(ids: readonly string[]): Promise<Neighbour[]> {
  const found = await Promise.allSettled(
    ids.slice(0, mostNeighbours).map(async (sha256) => {
      const [data] = (await client.data.photo(sha256)).data;
      const query = new URLSearchParams({ size: '320', ...(data && { data: data.examples }) });
      return { sha256, label: data!.photo.label, address: `/api/v1/photos/${sha256}/image?${query}` };
    }),
  );
  return found.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

export async function heatOf({ endpoint, photos }: Sheet): Promise<Blob> {
  return await client.overlay(endpoint, photos.at(-1)!);
}

/** The bytes as they were taken, up to 8 MB. */
export async function fitting(photo: Blob): Promise<Blob> {
  if (photo.size <= mostBytes) return photo;
  const picture = await createImageBitmap(photo);
  const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
}
