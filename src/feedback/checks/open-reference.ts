import { sha256 } from '../../codecs/digest.ts';
import { dayMs } from '../../codecs/duration.ts';
import type { Monitor, MonitorWindow, Observation } from '../../contracts/loop/monitor.ts';
import { byAnswer } from './by-answer.ts';
import type { ServedEndpoint } from './served-endpoint.ts';
import type { Scope, WindowReader } from './window-reader.ts';

export interface ReferenceRead {
  observations: readonly Observation[];
  /** Changes with what it holds: nulls are kept by it. */
  key: string;
  /** Why there are none, and what helps. */
  missing: string | null;
}

/** What a monitor's window is compared with. */
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
  if (past.end > window.start) return none(`its reference ends at ${past.end.toISOString()}, after the window began`);
  // a past window that someone named may be of another version
  const { model: _, ...anyVersion } = scope;
  const { observations } = await reader.read(kind, reference.from === 'window' ? anyVersion : scope, past);
  if (observations.length === 0)
    return none(`there are no requests in its reference, ${past.start.toISOString()} to ${past.end.toISOString()}`);
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
      `${version.name}@${version.version} was trained before models kept their reference photos: train it again, or compare with a window of the past`,
    );
  const sliced = slice ? all.filter(({ attributes }) => attributes[slice.attribute] === slice.value) : [];
  const observations = sliced.length > 0 ? sliced : all;
  const part = sliced.length > 0 ? JSON.stringify(slice) : '';
  return {
    observations,
    key: sha256(`${version.artifactDigest} ${JSON.stringify(endpoint.settings.abstain)} ${part}`),
    missing: null,
  };
}

const none = (missing: string): ReferenceRead => ({ observations: [], key: '', missing });
