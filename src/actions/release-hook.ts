import type { ReleaseHooks } from '../config/releases.ts';
import { rolePermissions } from '../contracts/access.ts';
import { type ReleaseHook, releaseHookSchema } from '../contracts/release.ts';
import { readHookSignature } from '../contracts/signed-hook.ts';
import { MitateError } from '../errors/index.ts';
import type { RunQueue } from '../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../store/open-store.ts';
import { type Received, receiveRelease } from './release-receive.ts';

export interface HookCall {
  /** Null = this server takes none. */
  hooks: ReleaseHooks | null;
  signature: unknown;
  /** As it came: the signature is over these bytes. */
  body: Uint8Array;
  now: Date;
}

const maxAgeSeconds = 300;

/**
 * Takes a release that a repository announces. Who signed is asked first, what it says only then; its nonce is used up last, so that a
 * refusal can be mended and sent again.
 * @throws WEBHOOK_OFF, WEBHOOK_SIGNATURE_INVALID, WEBHOOK_EXPIRED, WEBHOOK_BRANCH_REFUSED, WEBHOOK_APPROVER_REFUSED, WEBHOOK_REPEATED, and as
 * `receiveRelease`
 */
export async function takeHook(
  store: OpenStore,
  queue: () => Promise<RunQueue>,
  { hooks, signature, body, now }: HookCall,
): Promise<Received & { project: string }> {
  if (hooks === null) throw new MitateError('WEBHOOK_OFF', {});
  const signed = readHookSignature(hooks.secret, signature, body);
  if (signed === null) throw new MitateError('WEBHOOK_SIGNATURE_INVALID', {});
  const seconds = Math.round(Math.abs(now.getTime() / 1000 - signed.timestamp));
  if (seconds > maxAgeSeconds) throw new MitateError('WEBHOOK_EXPIRED', { seconds });
  const hook = read(body);
  if (!hooks.branches.includes(hook.branch))
    throw new MitateError('WEBHOOK_BRANCH_REFUSED', { branch: hook.branch, allowed: hooks.branches.join(', ') });
  await requireApprover(store, hook);
  if (!(await store.releases.takeNonce(signed.nonce, now))) throw new MitateError('WEBHOOK_REPEATED', {});
  const mine = hook.project === store.project ? store : store.forProject(hook.project);
  const arrival = { ...hook, bundle: Buffer.from(hook.bundle, 'base64'), via: 'webhook' } as const;
  return {
    ...(await receiveRelease(mine, queue, { ...arrival, who: `webhook:${hook.approver}` })),
    project: hook.project,
  };
}

function read(body: Uint8Array): ReleaseHook {
  const parsed = releaseHookSchema.safeParse(asJson(body));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new MitateError('HTTP_REQUEST_INVALID', { where: `body ${issue.path.join('.')}`, reason: issue.message });
}

function asJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    throw new MitateError('HTTP_REQUEST_INVALID', { where: 'body', reason: (error as Error).message });
  }
}

async function requireApprover({ access }: OpenStore, { approver, project }: ReleaseHook): Promise<void> {
  const user = await access.findUser(approver);
  const role = user?.roles[project];
  const mayApprove = role !== undefined && rolePermissions[role].includes('approve');
  if (!mayApprove || user?.disabledAt !== null)
    throw new MitateError('WEBHOOK_APPROVER_REFUSED', { approver, project });
}
