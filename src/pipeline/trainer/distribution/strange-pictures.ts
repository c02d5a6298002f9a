import type { Preprocess } from '../../../contracts/artifacts/signature.ts';
import { Random } from '../../../math/stats/random.ts';
import { encodeJpeg } from '../../../vision/encode.ts';
import { drawNonSubject, nonSubjectKinds } from '../../../vision/non-subject.ts';
import type { Picture } from '../../../vision/outlier.ts';
import { toPixels } from '../../../vision/pixels.ts';
import { drawLeaf, type SampleLabel, sampleLabelNames } from '../../../vision/sample/index.ts';

/** Pictures of each kind: 95 % intervals of at most +-13 points. */
const perKind = 16;

export interface StrangeKind {
  what: string;
  isNoSubject: boolean;
  /** As the model sees them. */
  pictures: Picture[];
}

/**
 * Drawn pictures that no photo of the data set resembles: none of a subject, and leaves of drawn plants that no label names, as other
 * subjects. Of 160 to 360 px, and through JPEG and the model's preprocessing: raw, their hard edges made faces look easier to tell than photos of them.
 */
export async function strangePictures(
  labels: readonly string[],
  preprocess: Preprocess,
  seed: string,
): Promise<StrangeKind[]> {
  const random = new Random(`${seed}:strange`);
  const kinds: Kind[] = nonSubjectKinds.map((kind) => ({
    what: `drawn ${kind}`,
    isNoSubject: true,
    draw: (size) => drawNonSubject(kind, size, size, random).pixels,
  }));
  const others = sampleLabelNames.filter((name) => !isNamed(name, labels));
  const leaf = (size: number, i: number) => drawLeaf({ seed: `${seed}:${i}`, label: random.pick(others), size }).pixels;
  if (others.length > 0) kinds.push({ what: 'drawn leaf', isNoSubject: false, draw: leaf });
  const strange: StrangeKind[] = [];
  for (const { draw, ...kind } of kinds) {
    const pictures: Picture[] = [];
    for (let i = 0; i < perKind; i++) {
      const size = 160 + random.int(200);
      pictures.push(await photographed(draw(size, i), size, preprocess));
    }
    strange.push({ ...kind, pictures });
  }
  return strange;
}

interface Kind extends Omit<StrangeKind, 'pictures'> {
  /** uint8 [size, size, 3]. */
  draw(size: number, i: number): Uint8Array;
}

async function photographed(pixels: Uint8Array, size: number, preprocess: Preprocess): Promise<Picture> {
  const { width, height } = preprocess;
  return { pixels: await toPixels(await encodeJpeg(pixels, size, size), preprocess), width, height };
}

/** Whether a label has the plant's name. */
function isNamed(name: SampleLabel, labels: readonly string[]): boolean {
  const [plant] = name.split('_') as [string];
  return labels.some((label) => label.toLowerCase().includes(plant));
}
