import { digestOf } from '../codecs/digest.ts';
import type { NewRelease } from './release.ts';

/** Of what a release consists of: nobody can give one's id to another. */
export function releaseId({
  pipeline,
  definitionDigest,
  codeDigest,
  parameters,
}: Pick<NewRelease, 'pipeline' | 'definitionDigest' | 'codeDigest' | 'parameters'>): string {
  return `${pipeline}-${digestOf({ definitionDigest, codeDigest, parameters }).slice(0, 12)}`;
}
