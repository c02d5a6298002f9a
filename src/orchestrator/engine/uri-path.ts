import { isAbsolute } from 'node:path';
import { MitateError } from '../../errors/index.ts';

/** Scheme of a URI -> the folder where the engines show its objects. */
const mounts = { 'gs://': '/gcs/', 's3://': '/s3/', 'minio://': '/minio/' };

/** Where the container finds what is at a URI. @throws ENGINE_URI_UNKNOWN */
export function pathOfUri(uri: string): string {
  for (const [scheme, folder] of Object.entries(mounts))
    if (uri.startsWith(scheme)) return folder + uri.slice(scheme.length).replace(/\/+$/, '');
  if (isAbsolute(uri)) return uri.replace(/(?<=.)\/+$/, '');
  throw new MitateError('ENGINE_URI_UNKNOWN', { uri });
}

/** The URI of what is at a path of the container. */
export function uriOfPath(path: string): string {
  for (const [scheme, folder] of Object.entries(mounts))
    if (path.startsWith(folder)) return scheme + path.slice(folder.length);
  return path;
}
