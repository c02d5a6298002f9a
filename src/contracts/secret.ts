import { z } from 'zod';
import { channelVariableSchema } from './loop/alert.ts';

/** HMAC secret of the release webhook, in the environment or in a project's secrets. */
export const releaseSecretName = 'MITATE_RELEASE_SECRET';
export const shortestReleaseSecret = 32;

/** Only names that something reads: a misspelt one would be kept and never used. */
export const secretNameSchema = z.union([channelVariableSchema, z.literal(releaseSecretName)]);

/** What is shown of a secret. */
export interface StoredSecret {
  name: string;
  setAt: Date;
  who: string;
}

/** AES-256 keys of the operator; null = the workspace's own. */
export interface SecretKeys {
  readonly current: Uint8Array | null;
  /** Still opens what was sealed before a change of the key. */
  readonly previous: Uint8Array | null;
}
