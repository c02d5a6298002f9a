import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Config } from '../../../config/index.ts';
import type { Actor } from '../../../contracts/actor.ts';
import type { LabelledPhoto } from '../../../contracts/loop/feedback.ts';
import { type FlywheelExport, type FlywheelPolicy, flywheelPolicySchema } from '../../../contracts/loop/flywheel.ts';
import { firstIssue, MitateError } from '../../../errors/index.ts';
import { balance } from '../../../feedback/flywheel/balance.ts';
import { type Candidate, type Counts, candidates } from '../../../feedback/flywheel/candidates.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import { fileError } from '../../../store/workspace/file-error.ts';
import { requireEndpoint } from '../../endpoints/require-endpoint.ts';
import { resolvePlaces } from './folder.ts';
import { leaveOutKnown } from './known.ts';
import { type StagedPhoto, stagePhotos } from './photos.ts';
import { exportEntry, nextSpan, publishSpan } from './span.ts';
import { clearKilled, makeStaging } from './staging.ts';

export interface ExportOptions {
  now: Date;
  actor: Actor;
  signal?: AbortSignal;
}

/** Photos considered for a span, newest first, as a multiple of its limit: some look like others. */
const lookedAt = 4;

/**
 * Labelled requests of an endpoint as a new span: `<to>/span-<n>/<label>/<sha256>.<ext>`, all of them or none. Photos that are already in
 * the training data, golden, or erased are left out.
 * @throws FLYWHEEL_POLICY_INVALID, FLYWHEEL_FOLDER_UNWRITABLE, FLYWHEEL_BUSY, ENDPOINT_UNKNOWN, SOURCE_* of the base
 */
export async function exportFlywheel(
  config: Pick<Config, 'pipelines'>,
  store: Pick<
    OpenStore,
    | 'endpoints'
    | 'feedback'
    | 'flywheel'
    | 'erasedPhotos'
    | 'project'
    | 'workspace'
    | 'goldenPhotos'
    | 'audited'
    | 'auditedParts'
  >,
  wanted: z.input<typeof flywheelPolicySchema>,
  { now, actor, signal = new AbortController().signal }: ExportOptions,
): Promise<FlywheelExport> {
  const policy = resolvePlaces(config, parsePolicy(wanted));
  const { endpoint, to: folder } = policy;
  await requireEndpoint(store, endpoint);
  await clearKilled(store, folder);
  const span = await nextSpan(store, folder);
  const leftOut: Counts = new Map();
  const labelled = await candidates(labelledPhotos(store, endpoint), policy, leftOut);
  let staging: string | undefined;
  try {
    staging = await makeStaging(folder, span);
    const photos = await newPhotos(store, { labelled, policy, folder, staging, leftOut, signal });
    const kept = balance(photos, policy, leftOut);
    const content = { labels: countBy(kept, 'label'), leftOut: Object.fromEntries(leftOut) };
    const sources = countBy(kept, 'source');
    const made = { folder, span, endpoint, policy, ...content, at: now, who: actor.name };
    if (kept.length >= policy.minNew) return { ...(await publishSpan(store, staging, kept, made, actor)), sources };
    const none = { span: null, path: null, photos: kept.length, digest: null };
    await store.audited(async () => {}, exportEntry({ ...made, ...none }, actor));
    return { ...none, ...content, sources };
  } catch (error) {
    throw folderError(error, folder);
  } finally {
    if (staging) await rm(staging, { recursive: true, force: true }).catch(() => {});
  }
}

function parsePolicy(policy: unknown): FlywheelPolicy {
  const parsed = flywheelPolicySchema.safeParse(policy);
  if (parsed.success) return parsed.data;
  throw new MitateError('FLYWHEEL_POLICY_INVALID', { reason: firstIssue(parsed.error) });
}

const pageRows = 1_000;

/** All of an endpoint, oldest feedback first. */
export async function* labelledPhotos(
  { feedback }: Pick<OpenStore, 'feedback'>,
  endpoint: string,
): AsyncGenerator<LabelledPhoto> {
  for (let afterSeq = 0; ; ) {
    const page = await feedback.labelledPhotos({ endpoint, afterSeq, limit: pageRows });
    yield* page;
    if (page.length < pageRows) return;
    afterSeq = page.at(-1)!.seq;
  }
}

interface Work {
  labelled: Candidate[];
  policy: FlywheelPolicy;
  folder: string;
  staging: string;
  leftOut: Counts;
  signal: AbortSignal;
}

/** Reads, checks and stages the photos, without those that look like known ones. */
async function newPhotos(
  store: Pick<OpenStore, 'erasedPhotos' | 'flywheel' | 'project' | 'workspace' | 'goldenPhotos'>,
  work: Work,
): Promise<StagedPhoto[]> {
  const { staging, leftOut, policy, signal } = work;
  const staged = await stagePhotos(store, work.labelled, {
    ...{ folder: work.folder, staging: join(staging, 'all'), leftOut, signal },
    most: lookedAt * policy.maxPhotos,
  });
  const places = { folder: work.folder, base: policy.base, staging: join(staging, 'base') };
  return await leaveOutKnown(store, staged, { ...places, leftOut, signal });
}

function countBy(photos: readonly StagedPhoto[], what: 'label' | 'source'): Record<string, number> {
  const counts = [...Map.groupBy(photos, (photo) => photo[what])].map(([key, list]) => [key, list.length] as const);
  return Object.fromEntries(counts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const fileCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY', 'ENAMETOOLONG']);

function folderError(error: unknown, folder: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return fileError(error, folder);
  if (code === undefined || !fileCodes.has(code)) return error;
  return new MitateError('FLYWHEEL_FOLDER_UNWRITABLE', { folder, reason: message }, { cause: error });
}
