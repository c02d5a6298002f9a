import { createHmac, timingSafeEqual } from 'node:crypto';
import { existingSecret, workspaceSecret } from '../workspace/secret.ts';
import { type Manifest, manifestSchema } from './manifest.ts';

const secretName = 'backup';

/** Adds the code that tells this workspace's archives from others: HMAC-SHA256 of the manifest, which has the digest of each file. */
export async function sealed(workspaceDir: string, manifest: Omit<Manifest, 'mac'>): Promise<Manifest> {
  return { ...manifest, mac: macOf(await workspaceSecret(workspaceDir, secretName), manifest).toString('hex') };
}

/** Whether a workspace with the same `backup.secret` wrote the archive. False for archives from before 0.2. */
export async function isOwn(workspaceDir: string, { mac, ...manifest }: Manifest): Promise<boolean> {
  const secret = await existingSecret(workspaceDir, secretName);
  return mac !== undefined && secret !== null && timingSafeEqual(Buffer.from(mac, 'hex'), macOf(secret, manifest));
}

function macOf(secret: Uint8Array, manifest: Omit<Manifest, 'mac'>): Buffer {
  // members in the order of the schema, whoever made the object
  return createHmac('sha256', secret)
    .update(JSON.stringify(manifestSchema.parse(manifest)))
    .digest();
}
