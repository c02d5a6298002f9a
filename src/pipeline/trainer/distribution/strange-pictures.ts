import type { Preprocess } from '../../../contracts/artifacts/signature.ts';
import { Random } from '../../../math/stats/random.ts';
import { drawNonSubject, nonSubjectKinds } from '../../../vision/non-subject.ts';
import type { Picture } from '../../../vision/outlier.ts';
import { drawLeaf, type SampleLabel, sampleLabelNames } from '../../../vision/sample/index.ts';

/** Pictures of each kind: 95 % intervals of at most +-13 points. */
const perKind = 16;

export interface StrangeKind {
  what: string;
  isNoSubject: boolean;
  pictures: Picture[];
}

/**
 * Drawn pictures that no photo of the data set resembles: none of a subject, and leaves of drawn plants that no label names, as other
 * subjects.
 */
export function strangePictures(labels: readonly string[], { width, height }: Preprocess, seed: string): StrangeKind[] {
  const random = new Random(`${seed}:strange`);
  const draw = <T>(make: (i: number) => T) => Array.from({ length: perKind }, (_, i) => make(i));
  const none = nonSubjectKinds.map((kind) => ({
    what: `drawn ${kind}`,
    isNoSubject: true,
    pictures: draw(() => drawNonSubject(kind, width, height, random)),
  }));
  const others = sampleLabelNames.filter((name) => !isNamed(name, labels));
  if (others.length === 0 || width !== height) return none;
  const leaf = (i: number): Picture => {
    const { pixels } = drawLeaf({ seed: `${seed}:${i}`, label: random.pick(others), size: width });
    return { pixels, width, height };
  };
  return [...none, { what: 'drawn leaf', isNoSubject: false, pictures: draw(leaf) }];
}

/** Whether a label has the plant's name. */
function isNamed(name: SampleLabel, labels: readonly string[]): boolean {
  const [plant] = name.split('_') as [string];
  return labels.some((label) => label.toLowerCase().includes(plant));
}
