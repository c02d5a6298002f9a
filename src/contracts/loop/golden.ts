import { z } from 'zod';

/** A photo that never trains: what all models are held against. */
export const goldenPhotoSchema = z.object({
  set: z.string(),
  /** Of the bytes as they are kept. */
  sha256: z.string(),
  label: z.string(),
  format: z.enum(['jpeg', 'png', 'webp']),
  /** 64-bit dHash, 16 hex digits. */
  phash: z.string(),
  /** 16x16 RGB, base64: with `phash`, what tells that another photo shows the same. */
  thumbnail: z.string(),
});
export type GoldenPhoto = z.infer<typeof goldenPhotoSchema>;
