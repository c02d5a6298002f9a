import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../../../codecs/digest.ts';
import type { ImageFormat } from '../../../contracts/artifacts/example.ts';
import type { FlywheelPhoto } from '../../../contracts/loop/flywheel.ts';
import { isMitateError, MitateError } from '../../../errors/index.ts';
import { type Candidate, type Counts, count } from '../../../feedback/flywheel/candidates.ts';
import { localImages } from '../../../store/images/image-store.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import { inspectImage } from '../../../vision/inspect.ts';

export interface StagedPhoto extends Candidate {
  /** sha256 of the stored bytes. */
  sha256: string;
  phash: string;
  format: ImageFormat;
  /** `<sha256>.<ext>` */
  name: string;
  path: string;
  /** An earlier span has it under another label. */
  corrects: boolean;
}

interface Staging {
  /** Of the spans. */
  folder: string;
  staging: string;
  /** Largest number of photos. */
  most: number;
  leftOut: Counts;
  signal: AbortSignal;
}

const extensions = { jpeg: 'jpg', png: 'png', webp: 'webp' } as const;

/** Photos that are stored, not erased, and not in a span under the same label; in the given order. */
export async function stagePhotos(
  store: Pick<OpenStore, 'erasedPhotos' | 'flywheel' | 'project' | 'workspace'>,
  labelled: readonly Candidate[],
  { folder, staging, most, leftOut, signal }: Staging,
): Promise<StagedPhoto[]> {
  const erased = await store.erasedPhotos(labelled.map(({ imageSha256 }) => imageSha256));
  const copies = await newestCopies(store, folder, labelled);
  const staged: StagedPhoto[] = [];
  for (const photo of labelled) {
    const copy = copies.get(photo.imageSha256);
    if (signal.aborted) throw new MitateError('CANCELLED', {});
    if (erased.has(photo.imageSha256)) count(leftOut, 'erased');
    else if (copy?.label === photo.label) count(leftOut, 'in-the-spans');
    else if (staged.length >= most) count(leftOut, 'over-the-limit');
    else {
      const one = await stage(store, photo, staging, copy !== undefined);
      if (one) staged.push(one);
      else count(leftOut, 'not-kept');
    }
  }
  return staged;
}

/** Spans that contain the requests' photos, by sha256: the newest existing span counts. */
async function newestCopies(
  { flywheel }: Pick<OpenStore, 'flywheel'>,
  folder: string,
  labelled: readonly Candidate[],
): Promise<Map<string, FlywheelPhoto>> {
  const copies = await flywheel.copiesOf(labelled.map(({ imageSha256 }) => imageSha256));
  const here = copies.filter((copy) => copy.folder === folder && existsSync(pathOfCopy(copy)));
  return new Map(here.sort((a, b) => a.span - b.span).map((copy) => [copy.imageSha256, copy]));
}

export const spanFolder = ({ folder, span }: Pick<FlywheelPhoto, 'folder' | 'span'>) => join(folder, `span-${span}`);

export const pathOfCopy = ({ file, ...copy }: Pick<FlywheelPhoto, 'folder' | 'span' | 'file'>) =>
  join(spanFolder(copy), file);

/** Null when the photo is no longer stored or cannot be read. */
async function stage(
  { workspace, project }: Pick<OpenStore, 'workspace' | 'project'>,
  photo: Candidate,
  staging: string,
  corrects: boolean,
): Promise<StagedPhoto | null> {
  const bytes = await localImages(workspace.images).get(project, photo.imageSha256);
  if (bytes === null) return null;
  try {
    const { phash, format } = await inspectImage(bytes);
    const digest = sha256(bytes);
    const name = `${digest}.${extensions[format]}`;
    const path = join(staging, photo.label, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    return { ...photo, sha256: digest, phash, format, name, path, corrects };
  } catch (error) {
    if (isMitateError(error) && error.code.startsWith('IMAGE_')) return null;
    throw error;
  }
}
