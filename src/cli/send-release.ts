import { randomUUID } from 'node:crypto';
import { apiError } from '../client/api-error.ts';
import type { Config } from '../config/index.ts';
import type { ReceivedRelease } from '../contracts/api/releases.ts';
import { hookSignatureHeader, signHook } from '../contracts/signed-hook.ts';
import { MitateError } from '../errors/index.ts';
import { sayAsServer } from './changes/server-error.ts';
import { readReleaseFile } from './release-file.ts';

export interface Sending {
  /** URL of the server. */
  to: string;
  project: string;
  branch: string;
  approver: string;
  env: string;
  stage: string;
  param: Record<string, string>;
}

/** Signs a release file and posts it to a server's webhook. @throws CONFIG_INVALID, RELEASE_FILE_INVALID, SERVER_UNREACHABLE, what the server refuses */
export async function sendRelease(config: Config, file: string, sending: Sending): Promise<ReceivedRelease> {
  const secret = config.releaseHooks?.secret;
  if (secret === undefined)
    throw new MitateError('CONFIG_INVALID', { setting: 'MITATE_RELEASE_SECRET', expected: 'the secret of the server' });
  const { release, bundle, proofs } = await readReleaseFile(file);
  const { to, project, branch, approver, env: environment, stage, param: parameters } = sending;
  const told = { project, environment, stage, branch, approver, release, bundle, proofs, parameters };
  const body = Buffer.from(JSON.stringify(told));
  const signature = signHook(secret, { timestamp: Math.floor(Date.now() / 1000), nonce: randomUUID() }, body);
  return await sayAsServer({ url: to }, async () => {
    const answer = await fetch(new URL('/api/v1/webhooks/releases', to), {
      method: 'POST',
      // a redirect would take the code elsewhere
      redirect: 'error',
      headers: { 'content-type': 'application/json', [hookSignatureHeader]: signature },
      body,
    });
    if (!answer.ok) throw await apiError(answer);
    return (await answer.json()) as ReceivedRelease;
  });
}
