import { randomUUID } from 'node:crypto';
import { parametersThere } from '../actions/releases/gate.ts';
import { apiError } from '../client/api-error.ts';
import { hookSignatureHeader, signHook } from '../codecs/signed-hook.ts';
import { loadEnvironments } from '../config/environments.ts';
import type { Config } from '../config/index.ts';
import { secretOf } from '../config/releases.ts';
import type { ReceivedRelease } from '../contracts/api/releases.ts';
import { MitateError } from '../errors/index.ts';
import { rethrowServerErrors } from './changes/server-error.ts';
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

/**
 * Signs a release file and posts it to a server's webhook. Parameters of an environment of that name in mitate.config.ts go along.
 * @throws RELEASE_SECRET_MISSING, RELEASE_FILE_INVALID, RELEASE_PARAMETER_LOCAL, SERVER_UNREACHABLE, what the server refuses
 */
export async function sendRelease(config: Config, file: string, sending: Sending): Promise<ReceivedRelease> {
  const { to, project, branch, approver, env: environment, stage, param } = sending;
  const secret = config.releaseHooks && secretOf(config.releaseHooks, project);
  if (secret === null) throw new MitateError('RELEASE_SECRET_MISSING', {});
  const { release, bundle, proofs } = await readReleaseFile(file);
  const { all } = await loadEnvironments();
  const named = all.find(({ name }) => name === environment);
  const place = { name: environment, parameters: named?.parameters ?? {} };
  const parameters = parametersThere(release, place, param, true);
  const told = { project, environment, stage, branch, approver, release, bundle, proofs, parameters };
  const body = Buffer.from(JSON.stringify(told));
  const signature = signHook(secret, { timestamp: Math.floor(Date.now() / 1000), nonce: randomUUID() }, body);
  return await rethrowServerErrors({ url: to }, async () => {
    const answer = await fetch(`${to.replace(/\/+$/, '')}/api/v1/webhooks/releases`, {
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
