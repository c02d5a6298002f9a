import { sha256 } from '../../codecs/digest.ts';
import { readHookSignature } from '../../codecs/signed-hook.ts';
import { unstorableIn } from '../../codecs/storable-text.ts';
import { type ReleaseHooks, secretOf } from '../../config/releases.ts';
import { rolePermissions } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import { type ReleaseHook, releaseHookSchema, type Workflow } from '../../contracts/release.ts';
import { releaseSecretName } from '../../contracts/secret.ts';
import { issueOf, MitateError } from '../../errors/index.ts';
import { verifyWorkflowToken, workflowAudience } from '../../network/workflow-token.ts';
import type { RunQueue } from '../../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { admit } from './admit.ts';
import { type Received, storeRelease, verifiedCode } from './receive.ts';

export interface HookCall {
  /** Of the environment; projects may have a stored secret too. */
  hooks: ReleaseHooks;
  signature: unknown;
  /** ID token of the workflow that sends it; absent = none. */
  token: unknown;
  /** Raw body: the signature is over these bytes. */
  body: Uint8Array;
  now: Date;
  /** Of the HTTP request. */
  from: Pick<Actor, 'requestId' | 'address'>;
}

const maxAgeSeconds = 300;

/**
 * Receives a release that a repository sends. Checks the signature before the content, and uses up the nonce last, so that a refused request
 * can be corrected and sent again.
 * @throws WEBHOOK_OFF, WEBHOOK_SIGNATURE_INVALID, WEBHOOK_EXPIRED, WEBHOOK_BRANCH_REFUSED, WEBHOOK_WORKFLOW_REFUSED, WEBHOOK_APPROVER_REFUSED,
 * WEBHOOK_REPEATED, RELEASE_DIGEST_MISMATCH, RELEASE_BUNDLE_INVALID, RELEASE_NEEDS_ADMIN, RELEASE_REFUSED, SECRET_KEY_WRONG
 */
export async function takeHook(
  store: OpenStore,
  queue: () => Promise<RunQueue>,
  { hooks: ofEnvironment, signature, token, body, now, from }: HookCall,
): Promise<Received> {
  const stored = await store.secrets.inProjects(releaseSecretName);
  const hooks = { ...ofEnvironment, projects: { ...stored, ...ofEnvironment.projects } };
  if (hooks.secret === null && Object.keys(hooks.projects).length === 0) throw new MitateError('WEBHOOK_OFF', {});
  const signer = signerOf(hooks, signature, body);
  if (signer === null) throw new MitateError('WEBHOOK_SIGNATURE_INVALID', {});
  const { signed, secret } = signer;
  const seconds = Math.round(Math.abs(now.getTime() / 1000 - signed.timestamp));
  if (seconds > maxAgeSeconds) throw new MitateError('WEBHOOK_EXPIRED', { seconds });
  const hook = read(body);
  // a secret of another project is not valid here
  if (secretOf(hooks, hook.project) !== secret) throw new MitateError('WEBHOOK_SIGNATURE_INVALID', {});
  if (!hooks.branches.includes(hook.branch))
    throw new MitateError('WEBHOOK_BRANCH_REFUSED', { branch: hook.branch, allowed: hooks.branches.join(', ') });
  await requireApprover(store, hook);
  const workflow = await workflowOf(hooks, hook, { token, body, now });
  const { approver } = hook;
  const actor: Actor = { ...from, kind: 'person', id: approver, name: `webhook:${approver}`, door: 'http' };
  const how = { via: 'webhook', byHand: false, actor, workflow } as const;
  const arrival = { ...hook, bundle: Buffer.from(hook.bundle, 'base64'), ...how };
  const code = await verifiedCode(arrival);
  const mine = hook.project === store.project ? store : store.forProject(hook.project);
  await admit(mine, queue, hook.release, { actor, signedFor: secret === hooks.secret ? 'server' : 'project' });
  if (!(await store.releases.takeNonce(signed.nonce, now))) throw new MitateError('WEBHOOK_REPEATED', {});
  return await storeRelease(mine, queue, arrival, code);
}

/** Null: the sender gives no token, or this server trusts no repository. @throws WEBHOOK_WORKFLOW_REFUSED */
async function workflowOf(
  { repositories, issuer }: ReleaseHooks,
  { branch }: ReleaseHook,
  { token, body, now }: Pick<HookCall, 'token' | 'body' | 'now'>,
): Promise<Workflow | null> {
  if (typeof token !== 'string' || repositories.length === 0) return null;
  const claims = await verifyWorkflowToken(token, { issuer, audience: workflowAudience(sha256(body)), now });
  const { repository, ref, ref_protected, event_name: event, sha: commit, run_id: run } = claims;
  if (!repositories.includes(repository))
    throw new MitateError('WEBHOOK_WORKFLOW_REFUSED', { reason: `it is of repository ${repository}` });
  if (ref !== `refs/heads/${branch}`)
    throw new MitateError('WEBHOOK_WORKFLOW_REFUSED', {
      reason: `it is of ${ref}, and the release of branch ${branch}`,
    });
  return { issuer, repository, ref, isProtected: String(ref_protected) === 'true', event, commit, run };
}

/** Which of the server's secrets signed these bytes. */
function signerOf(hooks: ReleaseHooks, signature: unknown, body: Uint8Array) {
  const secrets = new Set([hooks.secret, ...Object.values(hooks.projects)]);
  for (const secret of secrets) {
    const signed = secret === null ? null : readHookSignature(secret, signature, body);
    if (signed !== null) return { signed, secret };
  }
  return null;
}

function read(body: Uint8Array): ReleaseHook {
  const json = asJson(body);
  const bad = unstorableIn(json);
  if (bad !== null) throw new MitateError('REQUEST_TEXT_INVALID', { where: `The body, ${bad.place}`, what: bad.what });
  const parsed = releaseHookSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { place, reason } = issueOf(parsed.error);
  throw new MitateError('HTTP_REQUEST_INVALID', { where: `body ${place}`, reason });
}

function asJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    throw new MitateError('HTTP_REQUEST_INVALID', { where: 'body', reason: (error as Error).message });
  }
}

async function requireApprover(
  { access }: Pick<OpenStore, 'access'>,
  { approver, project }: ReleaseHook,
): Promise<void> {
  const user = await access.findUser(approver);
  const role = user?.roles[project];
  const mayApprove = role !== undefined && rolePermissions[role].includes('approve');
  if (!mayApprove || user?.disabledAt !== null)
    throw new MitateError('WEBHOOK_APPROVER_REFUSED', { approver, project });
}
