import { percent } from '../../codecs/percent.ts';
import type { AnswerPair, PromotionCheck, PromotionPolicy } from '../../contracts/loop/promotion.ts';
import { pairedMeanEValue } from '../../math/stats/paired-mean-e-value.ts';
import { shareEValue } from '../../math/stats/share-e-value.ts';
import { shareSequence } from '../../math/stats/share-sequence.ts';
import { signTest } from '../../math/stats/sign-test.ts';
import { check } from './check.ts';
import { confidenceTolerance } from './confidence-tolerance.ts';
import type { LabelledPairs, ReplayFacts, ShadowFacts } from './decision.ts';
import { judgeShadowBehaviour } from './judge-behaviour.ts';

/** Share of photos on which only the candidate may fail. */
const mayFail = 0.01;

/** What labels show about two models that saw the same photos. */
type LabelVerdict = 'better' | 'worse' | 'nothing';

interface Limits {
  maxDisagreement: number;
  alpha: number;
  overrule: boolean;
}

/** The sample has a fixed size: fixed-sample tests. */
export function judgeReplay(replay: ReplayFacts, limits: Limits): PromotionCheck[] {
  const { photos, disagreed, failed, labelled } = replay;
  const { candidateOnly, championOnly } = labelled;
  const better = signTest(candidateOnly, championOnly);
  const worse = signTest(championOnly, candidateOnly);
  // better and worse share alpha
  const isShown = (p: number) => p <= limits.alpha / 2;
  const labels: LabelVerdict = isShown(better) ? 'better' : isShown(worse) ? 'worse' : 'nothing';
  const share = photos === 0 ? 0 : disagreed / photos;
  const asked = photos + failed;
  return [
    check('failures', {
      seen: asked,
      verdict: asked > 0 && failed / asked > mayFail ? 'fail' : 'pass',
      said: `${failed} of ${asked} photos failed`,
      numbers: { failed, photos: asked, limit: mayFail },
    }),
    measured(labels, labelled, { betterP: better, worseP: worse }),
    disagreement(share > limits.maxDisagreement ? 'fail' : 'pass', labels, { disagreed, photos }, limits),
  ];
}

/** Checks that can reject a candidate, without that of behaviour. */
const shadowChecks = 4;

/** Evaluated again as requests arrive: anytime-valid tests. @param limits.isLast no canary follows */
export function judgeShadow(
  { pairs, labelled, wasBetter, behaviour = null }: ShadowFacts,
  wanted: number,
  limits: Limits & Pick<PromotionPolicy, 'behaviour'> & { isLast?: boolean },
): PromotionCheck[] {
  const alpha = limits.alpha / (shadowChecks + Number(limits.behaviour?.by === 'acceptance'));
  const answered = pairs.filter(({ status, candidate }) => status < 500 && candidate !== null);
  const failed = pairs.length - answered.length;
  const disagreed = answered.filter(({ champion, candidate }) => champion !== candidate).length;
  const isWhole = pairs.length >= wanted;
  const { candidateOnly, championOnly } = labelled;
  const discordant = candidateOnly + championOnly;
  const betterE = shareEValue(candidateOnly, discordant, 0.5);
  const worseE = shareEValue(championOnly, discordant, 0.5);
  const isBetter = wasBetter || betterE >= 1 / alpha;
  const labels: LabelVerdict = worseE >= 1 / alpha ? 'worse' : isBetter ? 'better' : 'nothing';
  const failing = shareSequence(failed, pairs.length, alpha);
  const moving = shareSequence(disagreed, answered.length, alpha);
  const share = answered.length === 0 ? 0 : disagreed / answered.length;
  // at the end the share itself decides; before that only a certain excess does
  const beyond = isWhole ? share > limits.maxDisagreement : moving.low > limits.maxDisagreement;
  return [
    check('failures', {
      seen: pairs.length,
      verdict: failing.low > mayFail ? 'fail' : isWhole ? 'pass' : 'wait',
      said: `${failed} of ${pairs.length} photos failed`,
      numbers: { failed, photos: pairs.length, atLeast: failing.low, limit: mayFail },
    }),
    measured(labels, labelled, { betterE, worseE }),
    disagreement(beyond ? 'fail' : isWhole ? 'pass' : 'wait', labels, { disagreed, photos: answered.length }, limits),
    confidence(answered, labels, { alpha, isWhole, overrule: limits.overrule }),
    ...judgeShadowBehaviour({ behaviour }, answered, limits.behaviour, {
      alpha,
      isWhole,
      isLast: limits.isLast ?? false,
    }),
  ];
}

/**
 * Mean confidence on the same photos: 200 reveal a fall from 80 to 65 %, a canary's 200 unpaired photos do so in 60 of 100 cases. A model that
 * labels show to be better may be less confident.
 */
function confidence(
  answered: readonly AnswerPair[],
  labels: LabelVerdict,
  { alpha, isWhole, overrule }: { alpha: number; isWhole: boolean; overrule: boolean },
): PromotionCheck {
  const both = answered.flatMap(({ championSure, candidateSure }) =>
    championSure === null || candidateSure === null ? [] : [{ championSure, candidateSure }],
  );
  const losses = both.map(({ championSure, candidateSure }) => championSure - candidateSure);
  const evidence = pairedMeanEValue(losses, confidenceTolerance);
  const mean = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  const [candidate, champion] = [
    mean(both.map((pair) => pair.candidateSure)),
    mean(both.map((pair) => pair.championSure)),
  ];
  const isLess = evidence >= 1 / alpha;
  const isOverruled = isLess && overrule && labels === 'better';
  const found =
    candidate === null || champion === null
      ? 'no answers yet'
      : `candidate ${percent(candidate)}, champion ${percent(champion)}, from mean confidence on the same photos`;
  return check('estimated-accuracy', {
    seen: both.length,
    verdict: isLess && !isOverruled ? 'fail' : isWhole ? 'pass' : 'wait',
    said: isOverruled ? `${found}; labels show that the candidate is better` : found,
    numbers: { candidate, champion, tolerance: confidenceTolerance, evidence, limit: 1 / alpha },
  });
}

function measured(labels: LabelVerdict, labelled: LabelledPairs, evidence: Record<string, number>): PromotionCheck {
  const { bothRight, bothWrong, candidateOnly, championOnly } = labelled;
  const total = bothRight + bothWrong + candidateOnly + championOnly;
  const right = `candidate right on ${bothRight + candidateOnly}, champion on ${bothRight + championOnly} of ${total} labelled photos`;
  return check('measured-accuracy', {
    seen: total,
    verdict: labels === 'worse' ? 'fail' : 'pass',
    said: measuredText(labels, total, right),
    numbers: { ...labelled, ...evidence, better: Number(labels === 'better') },
  });
}

/** A verdict without labels is that of the replay. */
function measuredText(labels: LabelVerdict, total: number, right: string): string {
  if (total === 0)
    return `no photo is labelled${labels === 'better' ? '; labels of the replay showed that the candidate is better' : ''}`;
  return labels === 'nothing' ? right : `${right}: the candidate is ${labels}`;
}

function disagreement(
  verdict: PromotionCheck['verdict'],
  labels: LabelVerdict,
  { disagreed, photos }: { disagreed: number; photos: number },
  { maxDisagreement, overrule }: Limits,
): PromotionCheck {
  const overruled = verdict === 'fail' && overrule && labels === 'better';
  const found = `different answers for ${disagreed} of ${photos} photos, ${percent(maxDisagreement)} allowed`;
  return check('disagreement', {
    seen: photos,
    verdict: overruled ? 'pass' : verdict,
    said: overruled ? `${found}; labels show that the candidate is better` : found,
    numbers: { disagreed, photos, limit: maxDisagreement },
  });
}
