import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Actor } from '../../contracts/actor.ts';
import type { addCorrectionsSchema } from '../../contracts/api/data.ts';
import type { Correction } from '../../contracts/loop/correction.ts';
import { MitateError } from '../../errors/index.ts';
import type { CorrectionFilter, NewCorrection } from '../../store/corrections/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findDataSet } from '../datasets/find-data-set.ts';
import { type DataStore, describePhotos, openData } from './list-photos.ts';
import { someOf } from './show-photo.ts';

/** Newest first. @throws DATA_NOT_FOUND */
export async function listCorrections(
  store: Pick<OpenStore, 'corrections' | 'listArtifacts'>,
  { data, ...filter }: { data?: string } & Omit<CorrectionFilter, 'pipeline'>,
): Promise<Correction[]> {
  if (data === undefined) return await store.corrections.list(filter);
  const { pipeline } = await findDataSet(store, 'Examples', data);
  return await store.corrections.list({ ...filter, pipeline });
}

/** Records decisions about photos of a data set, all or none. @throws RELABEL_PHOTO_UNKNOWN, RELABEL_LABEL_UNKNOWN, and as `openData` */
export async function addCorrections(
  store: DataStore & Pick<OpenStore, 'audited'>,
  { data: reference, photos, newLabel, why }: z.output<typeof addCorrectionsSchema>,
  { actor, now }: { actor: Actor; now: Date },
): Promise<Correction[]> {
  const data = await openData(store, reference);
  const { index, artifact } = data;
  const positions = photos.map(({ sha256, label }) => {
    const at = index.position(sha256);
    if (at < 0) throw new MitateError('RELABEL_PHOTO_UNKNOWN', { photo: sha256, data: reference });
    if (label !== undefined && !newLabel && !index.labels.includes(label))
      throw new MitateError('RELABEL_LABEL_UNKNOWN', { label, known: someOf(index.labels) });
    return at;
  });
  const described = await describePhotos(data, positions);
  const rows = described.map(({ sha256, filename, label: given }, i): NewCorrection => {
    const { kind, label } = photos[i]!;
    const right = kind === 'exclude' ? null : (label ?? given).normalize('NFC');
    const place = { pipeline: artifact.pipeline, examples: artifact.id, sha256, filename };
    // the label that it has anyway
    const isKept = kind === 'label' && right === given;
    return {
      id: randomUUID(),
      ...place,
      kind: isKept ? 'keep' : kind,
      given,
      label: right,
      why,
      who: actor.name,
      at: now,
    };
  });
  return await store.audited(
    ({ corrections }) => corrections.add(rows),
    (added) => ({
      ...{ actor, action: 'correction.add', subject: artifact.pipeline },
      details: { data: artifact.id, photos: added.length, kinds: countsOf(added) },
    }),
  );
}

function countsOf(added: readonly Correction[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(added, ({ kind }) => kind)].map(([kind, all]) => [kind, all.length]));
}

/** The decision before it counts again. @throws CORRECTION_UNKNOWN */
export async function revertCorrection(
  { audited }: Pick<OpenStore, 'audited'>,
  id: string,
  { actor, now }: { actor: Actor; now: Date },
): Promise<Correction> {
  return await audited(
    async ({ corrections }) => {
      const reverted = await corrections.revert(id, { who: actor.name, at: now });
      if (reverted === null) throw new MitateError('CORRECTION_UNKNOWN', { id });
      return reverted;
    },
    ({ pipeline, sha256 }) => ({ actor, action: 'correction.revert', subject: pipeline, details: { id, sha256 } }),
  );
}
