import { answerLabels } from '../../src/artifacts/model/answer.ts';
import { readReferenceObservations } from '../../src/artifacts/model/read-reference-observations.ts';
import type { Signature } from '../../src/contracts/artifacts/signature.ts';
import type { Observation } from '../../src/contracts/loop/monitor.ts';
import { runCheck } from '../../src/feedback/monitors/monitor-kind.ts';
import { monitorTable } from '../../src/feedback/monitors/table.ts';
import { Random } from '../../src/math/stats/random.ts';
import type { BenchContext, Figure } from '../figure.ts';
import { draw } from './drift-tests.ts';
import { observed, openWorld } from './unseen-photos.ts';

const size = 500;
const definition = monitorTable['estimated-accuracy'];

/** The estimate against what the labels say, in windows whose labels come in other shares than in training. */
export async function estimate(context: BenchContext): Promise<Figure[]> {
  const world = await openWorld(context);
  const windows = Math.round(300 * context.options.scale);
  const figures: Figure[] = [];
  for (const [name, { uri, signature }] of [
    ['healthy/unwell', world.model],
    ['19 labels', world.labelModel],
  ] as const) {
    const photos = world.unseen.map((photo) => observed(photo, signature));
    const reference = await readReferenceObservations(uri);
    const { error, covered, width, accuracy } = compare(photos, reference, signature, windows);
    context.log(`${name}: error ${(100 * error).toFixed(2)}, covered ${covered.toFixed(2)}`);
    figures.push({
      what: `estimated accuracy, ${name}, n = ${size}: mean absolute error; intervals that contain the true value; their mean width`,
      got: `${(100 * error).toFixed(2)} points; ${(100 * covered).toFixed(0)} %; ${(100 * width).toFixed(1)} points`,
      toReach: '<= 2 points; >= 90 %; <= 20 points',
      // an interval that is always wide contains everything
      met: error <= 0.02 && covered >= 0.9 && width <= 0.2,
      note: `${windows} windows, shares of the labels moved at random; true accuracy ${(100 * accuracy).toFixed(1)} % on average`,
    });
  }
  return figures;
}

function compare(photos: Observation[], reference: Observation[], signature: Signature, windows: number) {
  const random = new Random('estimate');
  const labels = answerLabels(signature);
  let [error, covered, width, accuracy] = [0, 0, 0, 0];
  for (let i = 0; i < windows; i++) {
    const window = shifted(photos, labels, random);
    const truth = window.filter(({ label, truth }) => label === truth!.label).length / window.length;
    const finding = runCheck(definition, 1, {
      reference,
      window,
      labels,
      parameters: definition.parameters.parse({}),
      seed: i,
      alpha: 0.05,
    });
    error += Math.abs(finding.statistic! - truth) / windows;
    accuracy += truth / windows;
    width += (finding.interval!.high - finding.interval!.low) / windows;
    if (finding.interval!.low <= truth && finding.interval!.high >= truth) covered += 1 / windows;
  }
  return { error, covered, width, accuracy };
}

/** Each label keeps between a tenth and all of its photos, drawn until the window is full. */
function shifted(photos: readonly Observation[], labels: readonly string[], random: Random): Observation[] {
  const keep = new Map(labels.map((label) => [label, random.range(0.1, 1)]));
  const ordered = draw(random, photos, photos.length);
  const kept = ordered.filter(({ truth }) => random.float() < keep.get(truth!.label!)!);
  return kept.slice(0, size);
}
