import { z } from 'zod';
import { pageSchema } from '../api/page.ts';
import { instantSchema } from '../instant.ts';

/** Of one upload. More is for a folder or a bucket that the server reads itself. */
export const uploadLimits = { photos: 50_000, bytes: 8 * 2 ** 30, photoBytes: 20 * 2 ** 20, labels: 1_000 };
/** That nobody finished, per project. */
export const mostOpenUploads = 20;
/** An upload that is not finished is deleted when nothing came for so long. */
export const abandonedDays = 7;

export const newUploadSchema = z.strictObject({
  name: z.string().min(1).max(100).describe('What the photos are, for people'),
});

export const uploadSchema = z.object({
  id: z.string(),
  name: z.string(),
  who: z.string(),
  createdAt: instantSchema,
  finishedAt: instantSchema.nullable().describe('Null: photos may still be added'),
  photos: z.int(),
  bytes: z.int(),
});
export type Upload = z.input<typeof uploadSchema>;

export const uploadDetailSchema = uploadSchema.extend({
  source: z.string().describe('Folder on the server: a value for a parameter of a pipeline'),
  labels: z
    .array(z.object({ label: z.string().nullable(), split: z.string().nullable(), photos: z.int() }))
    .describe('As an import reads them from the folders; label null: photos without a label. The most frequent ones'),
});
export type UploadDetail = z.input<typeof uploadDetailSchema>;

export const uploadedPhotoSchema = z.object({ path: z.string(), sha256: z.string(), bytes: z.int() });
export type UploadedPhoto = z.input<typeof uploadedPhotoSchema>;

export const addPhotoQuerySchema = z.object({
  path: z
    .string()
    .min(1)
    .max(1_000)
    .describe('Folders and name inside the upload: `<label>/<name>`, or with a split, `train/<label>/<name>`'),
});
export const addedPhotoSchema = uploadedPhotoSchema.extend({
  repeated: z.boolean().describe('The same bytes were there under this name already'),
});

export const uploadsSchema = pageSchema(uploadSchema);
export const uploadedPhotosSchema = pageSchema(uploadedPhotoSchema);
