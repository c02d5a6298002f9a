import { createHash } from 'node:crypto';
import type { ImageFormat } from '../../contracts/artifacts/example.ts';
import type { EndpointSettings } from '../../contracts/endpoint.ts';
import type { RequestRecord } from '../../contracts/request-record.ts';
import { stripMetadata } from '../../vision/strip-metadata.ts';

/** Whether an endpoint keeps the photo of a request. `sampled` decides by the id, so a replay decides the same. */
export function keepsPhoto({ policy, share }: EndpointSettings['images'], publicId: string): boolean {
  if (policy !== 'sampled') return policy === 'all';
  const hash = createHash('sha256').update(publicId).digest().readUInt32BE();
  return hash < share * 2 ** 32;
}

/** The photo for the journal, without metadata; or why it is not kept although the endpoint keeps it. */
export function photoToKeep(
  settings: EndpointSettings['images'],
  publicId: string,
  bytes: Uint8Array,
  format: ImageFormat,
): { image?: Uint8Array; notKept: RequestRecord['imageNotKept'] } {
  if (!keepsPhoto(settings, publicId)) return { notKept: null };
  const image = stripMetadata(bytes, format);
  // A file that cannot be parsed may contain anything.
  return image ? { image, notKept: null } : { notKept: 'metadata' };
}
