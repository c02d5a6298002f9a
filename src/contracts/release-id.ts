import { digestOf } from '../codecs/digest.ts';
import type { NewRelease } from './release.ts';

/** Derived from the content of the release, so an id cannot be reused for another one. */
export function releaseId({
  pipeline,
  definitionDigest,
  codeDigest,
  parameters,
}: Pick<NewRelease, 'pipeline' | 'definitionDigest' | 'codeDigest' | 'parameters'>): string {
  return `${pipeline}-${digestOf({ definitionDigest, codeDigest, parameters }).slice(0, 12)}`;
}
