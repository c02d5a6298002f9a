import { isSystemName } from '../../codecs/system-names.ts';
import type { LabelAttributes, LabelledPhoto } from '../../contracts/loop/feedback.ts';
import type { FlywheelPolicy, LeftOutReason } from '../../contracts/loop/flywheel.ts';

/** A photo with its label in the data set. */
export interface Candidate {
  request: string;
  label: string;
  imageSha256: string;
  attributes: LabelAttributes | null;
  /** Who labelled it: `link: link`, `api: key:app`. */
  source: string;
}

export type Counts = Map<LeftOutReason, number>;

export function count(leftOut: Counts, reason: LeftOutReason, photos = 1): void {
  if (photos > 0) leftOut.set(reason, (leftOut.get(reason) ?? 0) + photos);
}

/**
 * The labelled photos that the policy accepts, newest feedback first; equal pixels once, with the newest label.
 * @param photos oldest feedback first; streamed, only accepted ones are held in memory
 */
export async function candidates(
  photos: AsyncIterable<LabelledPhoto> | Iterable<LabelledPhoto>,
  policy: FlywheelPolicy,
  leftOut: Counts,
): Promise<Candidate[]> {
  const byPixels = new Map<string, Candidate>();
  for await (const photo of photos) {
    const label = labelOf(photo, policy);
    const reason = refusal(photo, label, policy);
    const pixels = photo.pixelsSha256 ?? photo.imageSha256;
    if (reason !== null || pixels === null) {
      count(leftOut, reason ?? 'not-kept');
      continue;
    }
    if (byPixels.delete(pixels)) count(leftOut, 'alike');
    const { request, imageSha256, source, who, attributes } = photo;
    const candidate = { request, label: label!, imageSha256: imageSha256!, source: `${source}: ${who}` };
    byPixels.set(pixels, { ...candidate, attributes: renamed(attributes, policy) });
  }
  return [...byPixels.values()].reverse();
}

/** The label given by people, else the one implied by a verdict, renamed for the data set. */
function labelOf({ said, label }: LabelledPhoto, { rename }: FlywheelPolicy): string | null {
  const known = said ?? label;
  return known === null ? null : inDataSet(known, rename);
}

function renamed(attributes: LabelAttributes | null, { rename }: FlywheelPolicy): LabelAttributes | null {
  const alsoShows = attributes?.alsoShows?.map((label) => inDataSet(label, rename));
  return alsoShows ? { ...attributes, alsoShows } : attributes;
}

/** A Map: a label may be named `constructor`. */
const inDataSet = (label: string, rename: FlywheelPolicy['rename']) =>
  (new Map(Object.entries(rename)).get(label) ?? label).normalize('NFC');

function refusal(photo: LabelledPhoto, label: string | null, policy: FlywheelPolicy): LeftOutReason | null {
  const { sources, reasons, verdicts, newClasses } = policy;
  // an adjudication decided over all sources
  const isWanted = photo.source === 'adjudication' || sources.some((source) => source === photo.source);
  if (!isWanted || !reasons.some((reason) => reason === (photo.reason ?? 'unasked'))) return 'not-wanted';
  if (photo.disputed) return 'disputed';
  if (label === null) return 'truth-unknown';
  if (photo.said === null && !verdicts) return 'not-wanted';
  if (photo.source !== 'adjudication') {
    if (photo.confirmations < confirmationsOf(photo, policy)) return 'not-confirmed';
    if (trustIn(photo, policy) < policy.minTrust) return 'not-trusted';
  }
  if (photo.newClass && !newClasses) return 'new-class';
  if (!isFolderName(label)) return 'label-unusable';
  return photo.imageKept && photo.imageSha256 !== null ? null : 'not-kept';
}

function confirmationsOf({ source }: LabelledPhoto, policy: FlywheelPolicy): number {
  const { minConfirmations, publicSources, publicConfirmations } = policy;
  return publicSources.some((each) => each === source)
    ? Math.max(minConfirmations, publicConfirmations)
    : minConfirmations;
}

/** Sum over those who agree, by the names that "mitate review labellers" shows. */
function trustIn({ voices }: LabelledPhoto, { trust }: FlywheelPolicy): number {
  const known = new Map(Object.entries(trust).map(([name, value]) => [labellerOf(name), value]));
  return voices.reduce((sum, { who, source }) => sum + (known.get(labellerOf(who)) ?? known.get(source) ?? 1), 0);
}

/** `user:mika` (console) and `local:mika` (command line) are one. */
const labellerOf = (who: string) => who.replace(/^(user|local):/, '');

/** Valid and visible on every system: a label's folder has its name. */
function isFolderName(label: string): boolean {
  return (
    !/[\p{Cc}\p{Cf}/\\:*?"<>|]|^[.~]|[. ]$/u.test(label) &&
    Buffer.byteLength(label) <= 200 &&
    !device.test(label) &&
    !isSystemName(label)
  );
}

/** Devices of Windows. */
const device = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;
