import { z } from 'zod';
import { instantSchema } from '../instant.ts';
import { recordOf } from '../record-of.ts';

/** A photo that is never trained on: all models are evaluated on it. */
const goldenPhotoSchema = z.object({
  set: z.string(),
  /** Of the stored bytes. */
  sha256: z.string(),
  label: z.string(),
  format: z.enum(['jpeg', 'png', 'webp']),
  /** 64-bit dHash, 16 hex digits. */
  phash: z.string(),
  /** 16x16 RGB, base64: with `phash`, identifies other photos of the same object. */
  thumbnail: z.string(),
});
export type GoldenPhoto = z.infer<typeof goldenPhotoSchema>;

export const goldenExampleSchema = goldenPhotoSchema.extend({
  request: z.string().nullable().describe('Public id of the labelled request'),
  /** Of the photo as it was sent. */
  imageSha256: z.string().nullable(),
  addedAt: instantSchema,
  who: z.string(),
});
export type GoldenExample = z.input<typeof goldenExampleSchema>;

export const goldenSetSchema = z.object({
  set: z.string(),
  photos: z.int(),
  labels: recordOf(z.int()),
  /** First and last addition. */
  since: instantSchema,
  until: instantSchema,
});
export type GoldenSet = z.input<typeof goldenSetSchema>;
