import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { apiError } from '../../client/api-error.ts';
import { sha256 } from '../../codecs/digest.ts';
import { hookSignatureHeader, signHook, workflowTokenHeader } from '../../codecs/signed-hook.ts';
import { loadEnvironments } from '../../config/environments.ts';
import type { Config } from '../../config/index.ts';
import { secretOf } from '../../config/releases.ts';
import { paths } from '../../contracts/api/paths.ts';
import type { ReceivedRelease } from '../../contracts/api/releases.ts';
import { releaseSecretName } from '../../contracts/secret.ts';
import { MitateError, reasonOf } from '../../errors/index.ts';
import { requestWorkflowToken, workflowAudience } from '../../network/workflow-token.ts';
import { rethrowServerErrors } from '../server-errors.ts';
import { withStore } from '../with-store.ts';
import { targetParameters } from './gate.ts';
import { readReleaseFile } from './release-file.ts';

const [method, path] = paths['releases.webhook'].split(' ') as [string, string];

export interface SendRequest {
  /** URL of the server. */
  to: string;
  branch: string;
  approver: string;
  env: string;
  stage: string;
  param: Record<string, string>;
  /** Where the job that this runs in gets ID tokens; null = it has none. */
  idTokens: { url: string; bearer: string } | null;
}

/**
 * Signs a release file and posts it to the webhook of a server, with the parameters of the environment of that name in mitate.config.ts.
 * @throws RELEASE_SECRET_MISSING, RELEASE_FILE_INVALID, RELEASE_PARAMETER_LOCAL, WEBHOOK_WORKFLOW_REFUSED, SERVER_UNREACHABLE, and errors of the server
 */
export async function sendRelease(config: Config, file: string, request: SendRequest): Promise<ReceivedRelease> {
  const { to, branch, approver, env: environment, stage, param } = request;
  const { project } = config;
  const secret = secretOf(config.releaseHooks, project) ?? (await storedSecret(config));
  if (secret === null) throw new MitateError('RELEASE_SECRET_MISSING', {});
  const { release, bundle, proofs } = await readReleaseFile(file);
  const { all } = await loadEnvironments();
  const named = all.find(({ name }) => name === environment);
  const target = { name: environment, parameters: named?.parameters ?? {} };
  const parameters = targetParameters(release, target, param, true);
  const hook = { project, environment, stage, branch, approver, release, bundle, proofs, parameters };
  const body = Buffer.from(JSON.stringify(hook));
  const token = await tokenFor(request.idTokens, body);
  const signature = signHook(secret, { timestamp: Math.floor(Date.now() / 1000), nonce: randomUUID() }, body);
  return await rethrowServerErrors(to, async () => {
    const response = await fetch(`${to.replace(/\/+$/, '')}${path}`, {
      method,
      // a redirect would send the code elsewhere
      redirect: 'error',
      headers: {
        'content-type': 'application/json',
        [hookSignatureHeader]: signature,
        ...(token !== null && { [workflowTokenHeader]: token }),
      },
      body,
    });
    if (!response.ok) throw await apiError(response);
    return (await response.json()) as ReceivedRelease;
  });
}

/** Of the sender's workspace, if there is one. */
async function storedSecret(config: Config): Promise<string | null> {
  if (!existsSync(config.workspace)) return null;
  const found = await withStore(config, { attach: true }, ({ secrets }) => secrets.values([releaseSecretName]));
  return found[releaseSecretName] ?? null;
}

async function tokenFor(idTokens: SendRequest['idTokens'], body: Uint8Array): Promise<string | null> {
  if (idTokens === null) return null;
  try {
    return await requestWorkflowToken(idTokens, workflowAudience(sha256(body)));
  } catch (error) {
    throw new MitateError(
      'WEBHOOK_WORKFLOW_REFUSED',
      { reason: `it gets no token: ${reasonOf(error)}` },
      { cause: error },
    );
  }
}
