import { sha256 } from '../../codecs/digest.ts';
import { dayMs } from '../../codecs/duration.ts';
import type { Monitor, MonitorWindow, Observation } from '../../contracts/loop/monitor.ts';
import { byAnswer } from './by-answer.ts';
import type { ServedEndpoint } from './served-endpoint.ts';
import type { Scope, WindowReader } from './window-reader.ts';

export interface ReferenceRead {
  observations: readonly Observation[];
  /** Digest of its content: key of stored null distributions. */
  key: string;
  /** Why there are none, and what to do. */
  missing: string | null;
}

export async function openReference(
  { kind, reference, slice }: Monitor,
  served: ServedEndpoint,
  scope: Scope,
  window: MonitorWindow,
  reader: WindowReader,
): Promise<ReferenceRead> {
  if (reference.from === 'model') return await ofModel(served, slice);
  const past =
    reference.from === 'window'
      ? { start: new Date(reference.start), end: new Date(reference.end) }
      : { start: served.since, end: new Date(served.since.getTime() + reference.days * dayMs) };
  if (past.end > window.start)
    return none(`the reference ends at ${past.end.toISOString()}, after the start of the window`);
  // a named window may be of another version
  const { model: _, ...anyVersion } = scope;
  const { observations } = await reader.read(kind, reference.from === 'window' ? anyVersion : scope, past);
  if (observations.length === 0)
    return none(`no requests in the reference, ${past.start.toISOString()} to ${past.end.toISOString()}`);
  const ids = observations.map(({ id }) => id).join();
  const signature = kind === 'estimated-accuracy' ? await served.signature() : null;
  return {
    observations: signature ? byAnswer(observations, signature) : observations,
    key: sha256(`${kind} ${ids}`),
    missing: null,
  };
}

async function ofModel(
  { version, endpoint, modelReference }: ServedEndpoint,
  slice: Monitor['slice'],
): Promise<ReferenceRead> {
  const all = await modelReference();
  if (all.length === 0)
    return none(
      `${version.name}@${version.version} was trained by a version that stored no reference photos: train it again, or use a past window as the reference`,
    );
  const sliced = slice ? all.filter(({ attributes }) => attributes[slice.attribute] === slice.value) : [];
  const observations = sliced.length > 0 ? sliced : all;
  const part = sliced.length > 0 ? JSON.stringify(slice) : '';
  const { abstain, threshold } = endpoint.settings;
  const under = `${JSON.stringify(abstain)}${threshold === null ? '' : ` ${threshold}`}`;
  return {
    observations,
    key: sha256(`${version.artifactDigest} ${under} ${part}`),
    missing: null,
  };
}

const none = (missing: string): ReferenceRead => ({ observations: [], key: '', missing });
