import { z } from 'zod';
import { defaultProject, rolePermissions } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { NewRelease } from '../../contracts/release.ts';
import { MitateError } from '../../errors/index.ts';
import type { RunQueue } from '../../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { isBlessed } from './release.ts';

export interface Bringer {
  actor: Actor;
  /** Of a webhook: the secret of the whole server, or of its project alone. Null = no webhook. */
  signedFor: 'server' | 'project' | null;
}

type Facts = Pick<OpenStore, 'project' | 'access' | 'getRun' | 'listExecutions' | 'executionArtifacts'>;

/**
 * Decides on the server whether code may come here. On a server with several projects it takes a server admin, or a worker of the project's own. The
 * run that it names held; one of another server is vouched for by a server admin or by the signature of a webhook.
 * @throws RELEASE_NEEDS_ADMIN, RELEASE_REFUSED
 */
export async function admit(
  store: Facts,
  queue: () => Promise<Pick<RunQueue, 'hasOwnWorker'>>,
  release: NewRelease,
  { actor, signedFor }: Bringer,
): Promise<void> {
  const { project } = store;
  const isAdmin = signedFor === null ? await isServerAdmin(store, actor) : signedFor === 'server';
  const isAlone = isAdmin || (await store.access.listProjects()).length === 1;
  if (!isAlone && !(await (await queue()).hasOwnWorker(project)))
    throw new MitateError('RELEASE_NEEDS_ADMIN', { project, release: release.id });
  const reason = await fault(store, release, isAdmin || signedFor !== null);
  if (reason !== null) throw new MitateError('RELEASE_REFUSED', { release: release.id, reason });
}

/** As for routes: an admin of the project `default`. */
async function isServerAdmin({ access, project }: Facts, { kind, id }: Actor): Promise<boolean> {
  if (kind === 'local') return true;
  // keys that may approve are keys of admins
  if (kind === 'key') return project === defaultProject;
  const role = kind === 'person' ? (await access.findUser(id))?.roles[defaultProject] : undefined;
  return role !== undefined && rolePermissions[role].includes('admin');
}

async function fault(store: Facts, release: NewRelease, isVouched: boolean): Promise<string | null> {
  const { runId, pipeline, definitionDigest, codeDigest } = release;
  if ([definitionDigest, codeDigest].some((digest) => /^0+$/.test(digest))) return 'its digest is none';
  if (!z.uuid().safeParse(runId).success) return 'it names no run';
  const run = await store.getRun(runId as string);
  if (run === null) return isVouched ? null : `its run ${runId} is not one of project ${store.project}`;
  if (run.state !== 'succeeded') return `its run ${run.id} is ${run.state}`;
  const isSame =
    run.pipeline === pipeline && run.definitionDigest === definitionDigest && run.codeDigest === codeDigest;
  if (!isSame) return `its run ${run.id} was of other code`;
  return (await isBlessed(store, run.id)) ? null : `the model of its run ${run.id} was not blessed`;
}
