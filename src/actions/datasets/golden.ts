import { rm } from 'node:fs/promises';
import type { Actor } from '../../contracts/actor.ts';
import type { GoldenExample, GoldenSet } from '../../contracts/loop/golden.ts';
import { MitateError } from '../../errors/index.ts';
import { isInside } from '../../files/is-inside.ts';
import { goldenFolder, goldenPath } from '../../orchestrator/golden-files.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** A golden set with the folder of its photos, which ExampleGen takes as `test`. */
export type GoldenListing = GoldenSet & { folder: string };

export async function listGolden(store: Pick<OpenStore, 'golden' | 'workspace' | 'project'>): Promise<GoldenListing[]> {
  const sets = await store.golden.listSets();
  return sets.map((set) => ({ ...set, folder: goldenFolder(store, set.set) }));
}

/** @throws GOLDEN_SET_UNKNOWN */
export async function showGolden(
  store: Pick<OpenStore, 'golden' | 'project' | 'workspace'>,
  set: string,
): Promise<{ set: GoldenListing; photos: GoldenExample[] }> {
  const found = (await listGolden(store)).find((each) => each.set === set);
  if (!found) throw new MitateError('GOLDEN_SET_UNKNOWN', { set, project: store.project });
  return { set: found, photos: await store.golden.listPhotos(set) };
}

/** Removes a photo or the whole set; the photos may be used for training again. @throws GOLDEN_SET_UNKNOWN, GOLDEN_PHOTO_UNKNOWN */
export async function removeGolden(
  store: Pick<OpenStore, 'project' | 'golden' | 'workspace' | 'audited'>,
  { set, sha256 }: { set: string; sha256?: string | undefined },
  actor: Actor,
): Promise<GoldenExample[]> {
  await showGolden(store, set);
  const removed = await store.audited(
    async ({ golden }) => {
      const photos = await golden.removePhotos({ set, ...(sha256 !== undefined && { sha256 }) });
      if (photos.length === 0) throw new MitateError('GOLDEN_PHOTO_UNKNOWN', { set, sha256: sha256 ?? 'at all' });
      return photos;
    },
    (photos) => ({
      actor,
      action: 'golden.remove',
      ...(sha256 === undefined
        ? { subject: set, details: { photos: photos.length } }
        : { subject: `${set}/${sha256}`, details: { label: photos[0]?.label } }),
    }),
  );
  // whatever the database says, nothing outside the project's golden sets is deleted
  const own = goldenFolder(store, '.');
  const paths = removed.map((photo) => goldenPath(store, photo));
  for (const path of paths) if (isInside(own, path)) await rm(path, { force: true });
  const folder = goldenFolder(store, set);
  if (sha256 === undefined && isInside(own, folder)) await rm(folder, { recursive: true, force: true });
  return removed;
}
