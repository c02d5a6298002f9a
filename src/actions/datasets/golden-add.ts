import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor } from '../../contracts/actor.ts';
import type { Rejected } from '../../contracts/artifacts/example.ts';
import { flywheelPolicySchema, type LeftOutReason } from '../../contracts/loop/flywheel.ts';
import type { GoldenExample } from '../../contracts/loop/golden.ts';
import { MitateError } from '../../errors/index.ts';
import { type Counts, candidates } from '../../feedback/flywheel/candidates.ts';
import { absolutePlace } from '../../network/bucket/place.ts';
import { goldenPath } from '../../orchestrator/golden-files.ts';
import { thumbnailOf } from '../../sources/near-duplicates/thumbnail.ts';
import { scanSource } from '../../sources/scan/scan-source.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { writeWholeFile } from '../../store/workspace/whole-file.ts';
import { requireName } from '../access/require-name.ts';
import { requireEndpoint } from '../endpoints/require-endpoint.ts';
import { labelledPhotos } from './flywheel/export.ts';
import { stagePhotos } from './flywheel/photos.ts';

export interface GoldenInput {
  set: string;
  /** A labelled source, as ExampleGen takes it; or labelled requests of an endpoint: all, or those named. */
  from?: string | undefined;
  endpoint?: string | undefined;
  requests?: readonly string[] | undefined;
  /** For requests: people or channels that must agree on the label. */
  minConfirmations?: number | undefined;
  actor: Actor;
  signal?: AbortSignal;
}

export interface GoldenAddition {
  added: GoldenExample[];
  /** Already in the set. */
  known: number;
  rejected: Rejected[];
  leftOut: Partial<Record<LeftOutReason, number>>;
}

/** A photo to add, in a file. */
type NewGolden = Omit<GoldenExample, 'set' | 'thumbnail' | 'addedAt' | 'who'> & { path: string; filename: string };

/**
 * Adds photos to a golden set, which is created if new. From now on they are kept out of training.
 * @throws GOLDEN_*, ACCESS_NAME_INVALID, ENDPOINT_UNKNOWN, SOURCE_*
 */
export async function addGolden(
  store: Pick<
    OpenStore,
    'endpoints' | 'feedback' | 'erasedPhotos' | 'flywheel' | 'project' | 'workspace' | 'golden' | 'audited'
  >,
  input: GoldenInput,
): Promise<GoldenAddition> {
  requireName('golden set', input.set);
  if ((input.from === undefined) === (input.endpoint === undefined)) throw new MitateError('GOLDEN_NOTHING_NAMED', {});
  const staging = join(store.workspace.cache, 'golden', randomUUID());
  await mkdir(staging, { recursive: true });
  try {
    const found = await (input.from === undefined
      ? ofRequests(store, input, staging)
      : ofSource(store, input, staging));
    const added = await keep(store, input, await newOnes(store, input.set, found.photos));
    const { rejected = [], leftOut = {} } = found;
    return { added, known: found.photos.length - added.length, rejected, leftOut };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

type Sources = Promise<{ photos: NewGolden[]; rejected?: Rejected[]; leftOut?: GoldenAddition['leftOut'] }>;

async function ofSource(
  { workspace, ...store }: Pick<OpenStore, 'workspace' | 'erasedPhotos'>,
  { from, signal = never }: GoldenInput,
  staging: string,
): Sources {
  const scan = { cacheDir: workspace.cache, spoolDir: staging, signal };
  const { photos, rejected } = await scanSource(absolutePlace(process.cwd(), from!), scan);
  const erased = await store.erasedPhotos(photos.map(({ sha256 }) => sha256));
  const kept = photos.filter(({ sha256 }) => !erased.has(sha256));
  const leftOut = erased.size > 0 ? { erased: photos.length - kept.length } : {};
  return { photos: kept.map((photo) => ({ ...photo, request: null, imageSha256: null })), rejected, leftOut };
}

async function ofRequests(
  store: Pick<OpenStore, 'endpoints' | 'feedback' | 'erasedPhotos' | 'flywheel' | 'project' | 'workspace'>,
  input: GoldenInput,
  staging: string,
): Sources {
  const { endpoint = '', requests, minConfirmations = 1, signal = never } = input;
  await requireEndpoint(store, endpoint);
  const policy = flywheelPolicySchema.parse({ to: '-', endpoint, minConfirmations, newClasses: true });
  const leftOut: Counts = new Map();
  const wanted = requests && new Set(requests);
  const seen = new Set<string>();
  const labelled = async function* () {
    for await (const photo of labelledPhotos(store, endpoint)) {
      if (wanted && !wanted.has(photo.request)) continue;
      seen.add(photo.request);
      yield photo;
    }
  };
  const place = { folder: staging, staging, most: Number.POSITIVE_INFINITY, leftOut, signal };
  const photos = await stagePhotos(store, await candidates(labelled(), policy, leftOut), place);
  const missing = requests?.find((id) => !photos.some(({ request }) => request === id));
  if (missing !== undefined) {
    const reason = seen.has(missing) ? [...leftOut.keys()].join(', ') : 'it has no label';
    throw new MitateError('GOLDEN_REQUEST_UNUSABLE', { id: missing, reason });
  }
  return {
    photos: photos.map((photo) => ({ ...photo, filename: photo.request })),
    leftOut: Object.fromEntries(leftOut),
  };
}

const never = new AbortController().signal;

/** @throws GOLDEN_LABEL_DIFFERS */
async function newOnes(
  store: Pick<OpenStore, 'golden' | 'workspace' | 'project'>,
  set: string,
  photos: NewGolden[],
): Promise<NewGolden[]> {
  const there = new Map((await store.golden.listPhotos(set)).map((photo) => [photo.sha256, photo.label]));
  const fresh: NewGolden[] = [];
  for (const photo of photos) {
    const known = there.get(photo.sha256);
    const { sha256, filename, label } = photo;
    if (known !== undefined && known !== label)
      throw new MitateError('GOLDEN_LABEL_DIFFERS', { set, filename, sha256, known, label });
    // recorded without its file: restored from a backup without photos, or lost
    const exists = existsSync(goldenPath(store, { set, label, sha256, format: photo.format }));
    if (known === undefined || !exists) fresh.push(photo);
    there.set(sha256, label);
  }
  return fresh;
}

/** Files first: a recorded photo exists. */
async function keep(
  store: Pick<OpenStore, 'workspace' | 'project' | 'audited'>,
  input: GoldenInput,
  photos: NewGolden[],
): Promise<GoldenExample[]> {
  const { set, from, endpoint, actor } = input;
  const rows: Omit<GoldenExample, 'addedAt'>[] = [];
  for (const { path, sha256, label, format, phash, request, imageSha256 } of photos) {
    const target = goldenPath(store, { set, label, sha256, format });
    await writeWholeFile(target, async (temporary) => {
      await copyFile(path, temporary);
      await chmod(temporary, 0o600);
    });
    rows.push({
      set,
      sha256,
      label,
      format,
      phash,
      thumbnail: await thumbnailOf(target),
      request,
      imageSha256,
      who: actor.name,
    });
  }
  return await store.audited(
    ({ golden }) => golden.addPhotos(rows),
    (added) => ({ actor, action: 'golden.add', subject: set, details: { from, endpoint, added: added.length } }),
  );
}
