import { addFeedback, type FeedbackInput } from '../actions/feedback/add.ts';
import { labelPhoto, nextPhotos } from '../actions/review/review.ts';
import type { UserDecision } from '../contracts/loop/behaviour.ts';
import { Random } from '../math/stats/random.ts';
import type { OpenStore } from '../store/open-store.ts';
import { type SampleLabel, sampleLabels } from '../vision/sample/labels.ts';
import type { DemoClock } from './clock.ts';
import { actorOf, type Person } from './people.ts';
import { type DemoAnswer, endpoint } from './traffic.ts';

const minuteMs = 60_000;
/** Share of the photos that Hana labels herself. */
const labelledShare = 0.5;
/** Share of the labels in which a labeller errs. */
const errs: Partial<Record<Person, number>> = { mika: 0.04, sora: 0.15 };

const answerTo = (label: SampleLabel) => (sampleLabels[label].condition === 'healthy' ? 'healthy' : 'unwell');

/** Hana sees each answer, decides, and labels some of the photos. */
export async function react(store: OpenStore, answers: readonly DemoAnswer[]): Promise<void> {
  for (const { at, photo, plant, prediction, seed } of answers) {
    const random = new Random(`${seed}:reaction`);
    const told: FeedbackInput['feedback'][] = [
      { kind: 'event', event: 'shown', decisionMs: null },
      {
        kind: 'event',
        event: decisionOf({ photo, prediction }, random),
        decisionMs: Math.round(random.range(1_500, 20_000)),
      },
    ];
    if (random.float() < labelledShare) told.push({ kind: 'label', label: photo.label, newClass: false });
    const session = `${plant}:${at.toISOString().slice(0, 10)}`;
    const inputs = told.map((feedback) => ({ photo: { id: prediction.id }, feedback, session }));
    const now = new Date(at.getTime() + minuteMs / 2);
    await addFeedback(store, inputs, { actor: actorOf('hana'), source: 'api', now });
  }
}

function decisionOf({ photo, prediction }: Pick<DemoAnswer, 'photo' | 'prediction'>, random: Random): UserDecision {
  if (prediction.label === 'uncertain') return random.float() < 0.6 ? 'retake' : 'abandon';
  const isRight = prediction.label === answerTo(photo.label);
  if (random.float() < 0.08) return 'abandon';
  return isRight === random.float() < 0.92 ? 'accept' : 'override';
}

/** A labeller takes photos from the review queue, and errs now and then. */
export async function review(
  store: OpenStore,
  clock: DemoClock,
  { who, photos, truths }: { who: 'mika' | 'sora'; photos: number; truths: ReadonlyMap<string, SampleLabel> },
): Promise<void> {
  const actor = actorOf(who);
  for (let i = 0; i < photos; i++) {
    const [item] = await nextPhotos(store, { actor, endpoint, now: clock.now() });
    if (item === undefined) return;
    const random = new Random(`${who}:${i}:${truths.get(item.request)}`);
    const truth = truths.get(item.request)!;
    const label = random.float() < errs[who]! ? mistakenFor(truth) : truth;
    clock.goTo(new Date(clock.now().getTime() + random.range(8_000, 40_000)));
    await labelPhoto(store, item.request, { label }, { actor, now: clock.now() });
  }
}

/** A healthy leaf looks ill to those who look too closely, and an ill one healthy to those who do not. */
function mistakenFor(label: SampleLabel): SampleLabel {
  const { species, condition } = sampleLabels[label];
  const others = Object.entries(sampleLabels).filter(([, other]) => other.species === species);
  const wrong = others.find(([, other]) => (other.condition === 'healthy') !== (condition === 'healthy'));
  return wrong![0] as SampleLabel;
}
