import { z } from 'zod';
import {
  addedPhotoSchema,
  addPhotoQuerySchema,
  newUploadSchema,
  uploadDetailSchema,
  uploadedPhotosSchema,
  uploadLimits,
  uploadSchema,
  uploadsSchema,
} from '../../loop/upload.ts';
import { pageQuerySchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';

const params = z.object({ id: z.string().max(64).describe('Of the upload') });
const file = { type: 'string', format: 'binary' };

export const uploadRoutes = {
  'uploads.list': {
    summary: 'List uploads of photos, newest first',
    description: 'Those that are finished, and those to which photos are still added.',
    needs: ['read'],
    query: pageQuerySchema,
    answer: uploadsSchema,
  },
  'uploads.create': {
    summary: 'Begin an upload of photos',
    description:
      'Photos are added one by one, so that a lost connection costs one of them. An upload that is not finished is deleted when nothing came for 7 days.',
    needs: ['operate'],
    body: newUploadSchema,
    status: 201,
    answer: uploadSchema,
    errors: ['UPLOADS_TOO_MANY', 'DISK_FULL'],
  },
  'uploads.get': {
    summary: 'Get an upload, with its labels as an import reads them',
    description: 'Labels come from folders, as in every folder of photos.',
    needs: ['read'],
    params,
    answer: uploadDetailSchema,
    errors: ['UPLOAD_UNKNOWN'],
  },
  'uploads.photos': {
    summary: 'List the photos that an upload has so far',
    description: 'In order of arrival: what a client that was interrupted need not send again.',
    needs: ['read'],
    params,
    query: pageQuerySchema,
    answer: uploadedPhotosSchema,
    errors: ['UPLOAD_UNKNOWN'],
  },
  'uploads.add': {
    summary: 'Add a photo to an upload',
    description:
      'The body is the file: JPEG, PNG or WebP. Sending the same photo again changes nothing. Its header is checked here; an import decodes it.',
    needs: ['operate'],
    params,
    query: addPhotoQuerySchema,
    uploads: { 'image/jpeg': file, 'image/png': file, 'image/webp': file, 'application/octet-stream': file },
    bodyLimitBytes: uploadLimits.photoBytes,
    answer: addedPhotoSchema,
    errors: [
      'UPLOAD_UNKNOWN',
      'UPLOAD_FINISHED',
      'UPLOAD_PATH_INVALID',
      'UPLOAD_NAME_TAKEN',
      'UPLOAD_FULL',
      'UPLOAD_DISK_FULL',
      'UPLOAD_PHOTO_ERASED',
      'DISK_FULL',
      'IMAGE_EMPTY',
      'IMAGE_HEIC',
      'IMAGE_AVIF',
      'IMAGE_GIF',
      'IMAGE_TIFF',
      'IMAGE_BMP',
      'IMAGE_SVG',
      'IMAGE_HTML',
      'IMAGE_PDF',
      'IMAGE_FORMAT_UNKNOWN',
      'IMAGE_TOO_LARGE',
    ],
  },
  'uploads.finish': {
    summary: 'Finish an upload: its folder is a source for pipelines from now on',
    description: 'Give `source` to a parameter of a pipeline. It stays until it is removed.',
    needs: ['operate'],
    params,
    answer: uploadDetailSchema,
    errors: [
      'UPLOAD_UNKNOWN',
      'UPLOAD_FINISHED',
      'SOURCE_EMPTY',
      'SOURCE_UNLABELLED',
      'SOURCE_SPLITS_MIXED',
      'DISK_FULL',
    ],
  },
  'uploads.remove': {
    summary: 'Remove an upload with its photos',
    description: 'Data sets that were made of it stay.',
    needs: ['operate'],
    params,
    status: 204,
    answer: z.null(),
    errors: ['UPLOAD_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'uploads'>>;
