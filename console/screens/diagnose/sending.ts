import { ApiError, createClient } from '../../../src/client/index.ts';
import { keep, type Sheet } from './shelf.ts';

const client = createClient({ url: location.origin });

/** Above that, and only then, a photo is made smaller: what the server gets is what was taken. */
const mostBytes = 8 * 1024 * 1024;
const longestSide = 2_048;

export const captureOf = client.endpoints.capture;

/** Whether there was no answer at all, or one that says "later": the same may be sent again. */
export const isLater = (error: unknown) => !(error instanceof ApiError) || error.status === 429 || error.status >= 500;

/** Asks about all photos of a sheet; the same again is answered once. */
export async function ask(sheet: Sheet): Promise<Sheet> {
  const { id, endpoint, photos } = sheet;
  const idempotencyKey = `${id}-${photos.length}`;
  const several = photos.length > 1 ? { subject: id } : {};
  const answer = await client.predict(endpoint, photos, { idempotencyKey, ...several });
  const answered = { ...sheet, answer };
  await keep(answered);
  return answered;
}

export async function say(sheet: Sheet): Promise<Sheet> {
  const id = sheet.answer?.predictions.at(-1)?.id;
  if (id === undefined || sheet.said === null) return sheet;
  const idempotencyKey = `${sheet.id} ${sheet.said.verdict ?? sheet.said.label}`.slice(0, 200);
  await client.endpoints.feedback(sheet.endpoint, { id, ...sheet.said, idempotencyKey });
  const told = { ...sheet, isSaidSent: true };
  await keep(told);
  return told;
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
