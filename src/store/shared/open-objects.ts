import { isAbsolute } from 'node:path';
import { bucketAccess } from '../../config/buckets.ts';
import { googleAccess } from '../../config/google.ts';
import { MitateError } from '../../errors/index.ts';
import { S3Objects } from '../../network/bucket/s3-objects.ts';
import { GoogleObjects } from '../../network/google/google-objects.ts';
import type { ObjectStorage } from '../../network/objects/object-storage.ts';
import { FolderObjects } from './folder-objects.ts';

/** What is below `gs://`, `s3://`, `minio://` or an absolute path, with the credentials of the environment. @throws ENGINE_URI_UNKNOWN, BUCKET_PLACE_INVALID, CONFIG_INVALID, GOOGLE_CREDENTIALS_INVALID */
export function openObjects(uri: string, signal?: AbortSignal): ObjectStorage {
  if (/^gs:\/\//i.test(uri)) return new GoogleObjects(uri, googleAccess(), signal);
  if (/^(?:s3|minio):\/\//i.test(uri)) return new S3Objects(uri, bucketAccess(), signal);
  if (isAbsolute(uri)) return new FolderObjects(uri.replace(/(?<=.)\/+$/, ''));
  throw new MitateError('ENGINE_URI_UNKNOWN', { uri });
}
