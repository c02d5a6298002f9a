import sharp, { type Sharp } from 'sharp';
import { answerLabels, answerOfLabel } from '../../src/artifacts/model/answer.ts';
import { readChangedAnswers } from '../../src/artifacts/model/read-changed-answers.ts';
import { readReferenceObservations } from '../../src/artifacts/model/read-reference-observations.ts';
import type { ChangedAnswer } from '../../src/contracts/artifacts/reference-observation.ts';
import type { Signature } from '../../src/contracts/artifacts/signature.ts';
import type { Observation } from '../../src/contracts/loop/monitor.ts';
import { runCheck } from '../../src/feedback/monitors/monitor-kind.ts';
import { monitorTable } from '../../src/feedback/monitors/table.ts';
import { withReferenceNumber } from '../../src/feedback/own-numbers.ts';
import { Random } from '../../src/math/stats/random.ts';
import { changes, newBackground } from '../feedback/changes.ts';
import { draw } from '../feedback/drift-tests.ts';
import { beans, observed, openWorld, type SeenPhoto, type World } from '../feedback/unseen-photos.ts';
import type { BenchContext, Figure } from '../figure.ts';

const size = 250;
const changedPhotos = 400;
const definition = monitorTable['estimated-accuracy'];
/** Kinds of change that the windows have, or that are near them: the estimate learns from the others only. */
const heldOut: ReadonlySet<string> = new Set(['blur', 'light', 'background']);

type Change = (image: Uint8Array, seed: string) => Promise<Uint8Array>;

const jpeg = (image: Sharp) => image.jpeg({ quality: 95 }).toBuffer();

/** What counts for the figure, by kind; each of several strengths. */
const kinds: Record<string, Record<string, Change>> = {
  blur: {
    'blur 1': (image) => jpeg(sharp(image).blur(1)),
    blur: changes.blur!,
    'blur 4': (image) => jpeg(sharp(image).blur(4)),
  },
  light: {
    'brightness x 0.4': (image) => jpeg(sharp(image).linear(0.4)),
    'brightness x 0.6': changes['brightness x 0.6']!,
    'brightness x 1.6': (image) => jpeg(sharp(image).linear(1.6)),
  },
  'new background': {
    'new background': changes['new background']!,
    'green background': (image, seed) => newBackground(image, seed, [70, 110, 50]),
  },
};
/** Beside the figure: the estimate learns from crops and blocks. */
const near: Record<string, Change> = {
  'JPEG quality 20': changes['JPEG quality 20']!,
  'centre crop of 60 %': changes['centre crop of 60 %']!,
  unchanged: async (image) => image,
};

interface Measured {
  name: string;
  error: number;
  covered: number;
  width: number;
  truth: number;
  value: number;
  breaches: number;
}

/** Windows of changed photos, and the estimate without labels against what the labels say. */
export async function estimate(context: BenchContext): Promise<Figure[]> {
  const world = await openWorld(context);
  const figures: Figure[] = [];
  for (const [name, { uri, signature }] of [
    ['healthy/unwell', world.model],
    ['19 labels', world.labelModel],
  ] as const) {
    const reference = await readReferenceObservations(uri);
    const changed = (await readChangedAnswers(uri)).filter(({ change }) => change === null || !heldOut.has(change));
    const judge = (what: string, photos: readonly SeenPhoto[]) =>
      measure(
        what,
        photos.map((photo) => observed(photo, signature)),
        { reference, changed, signature, context },
      );
    const groups = new Map<string, Measured[]>();
    for (const [kind, ways] of Object.entries(kinds)) {
      const found: Measured[] = [];
      for (const [way, change] of Object.entries(ways)) found.push(judge(way, await seen(world, way, change)));
      groups.set(kind, found);
    }
    // its labels are not among the 19: no answer could be right
    if (name === 'healthy/unwell') {
      const photos = await world.see('beans', () => beans(context.data!), true);
      groups.set('other plant', [
        judge(
          'other plant (beans)',
          photos.map((photo) => asKnown(photo, signature)),
        ),
      ]);
    }
    figures.push(summary(name, groups));
    const others = [];
    for (const [way, change] of Object.entries(near)) others.push(judge(way, await seen(world, way, change)));
    for (const each of [...[...groups.values()].flat(), ...others]) figures.push(line(name, each));
  }
  return figures;
}

/** With a label of training that has its answer. */
function asKnown(photo: SeenPhoto, signature: Signature): SeenPhoto {
  const isHealthy = photo.label === 'healthy';
  const label = signature.labels.find((name) => (answerOfLabel(name, signature) === 'healthy') === isHealthy)!;
  return { ...photo, label };
}

function seen(world: World, name: string, change: Change): Promise<SeenPhoto[]> {
  return world.see(`changed ${name}`, async function* () {
    const chosen = new Set(draw(new Random('changed'), world.unseen, changedPhotos).map(({ id }) => id));
    for await (const photo of world.photos())
      if (chosen.has(photo.id)) yield { ...photo, bytes: await change(photo.bytes, photo.id) };
  });
}

interface Judging {
  reference: Observation[];
  changed: ChangedAnswer[];
  signature: Signature;
  context: BenchContext;
}

function measure(
  name: string,
  photos: readonly Observation[],
  { reference, changed, signature, context }: Judging,
): Measured {
  const random = new Random(name);
  const windows = Math.max(5, Math.round(100 * context.options.scale));
  const parameters = definition.parameters.parse(
    withReferenceNumber('estimated-accuracy', { min: 'reference' }, reference),
  );
  const sum: Measured = { name, error: 0, covered: 0, width: 0, truth: 0, value: 0, breaches: 0 };
  for (let i = 0; i < windows; i++) {
    const window = draw(random, photos, size);
    const truth = window.filter(({ label, truth }) => label === truth!.label).length / window.length;
    const labels = answerLabels(signature);
    const found = runCheck(definition, 1, { reference, window, changed, labels, parameters, seed: i, alpha: 0.05 });
    const { low, high } = found.interval!;
    sum.error += Math.abs(found.statistic! - truth) / windows;
    sum.covered += Number(low <= truth && truth <= high) / windows;
    sum.width += (high - low) / windows;
    sum.truth += truth / windows;
    sum.value += found.statistic! / windows;
    sum.breaches += Number(found.state === 'breach') / windows;
  }
  context.log(`${name}: ${sum.value.toFixed(3)} for ${sum.truth.toFixed(3)}, covered ${sum.covered.toFixed(2)}`);
  return sum;
}

const points = (share: number) => (100 * share).toFixed(1);
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** Each kind weighs the same. */
function summary(model: string, groups: ReadonlyMap<string, readonly Measured[]>): Figure {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const all = (of: (each: Measured) => number) => mean([...groups.values()].map((ways) => mean(ways.map(of))));
  const [error, covered, width] = [all((each) => each.error), all((each) => each.covered), all((each) => each.width)];
  return {
    what: `estimated accuracy, ${model}, under ${[...groups.keys()].join(', ')}: mean error; intervals that hold; mean width`,
    got: `${points(error)} points; ${percent(covered)}; ${points(width)} points`,
    toReach: '<= 5 points; >= 90 %; <= 20 points',
    met: error <= 0.05 && covered >= 0.9 && width <= 0.2,
    note: `windows of ${size}; learned without ${[...heldOut].join(', ')}; each kind weighs the same`,
  };
}

const line = (model: string, { name, value, truth, error, covered, width, breaches }: Measured): Figure => ({
  what: `${model}, ${name}: estimate for true accuracy`,
  got: `${points(value)} for ${points(truth)} %`,
  toReach: '',
  met: null,
  note: `error ${points(error)}, holds ${percent(covered)}, width ${points(width)}; breach in ${percent(breaches)} of windows`,
});
