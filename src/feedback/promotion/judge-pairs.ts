import { shareEValue } from '../../math/stats/share-e-value.ts';
import { shareSequence } from '../../math/stats/share-sequence.ts';
import { signTest } from '../../math/stats/sign-test.ts';
import type { Check, LabelledPairs, ReplayFacts, ShadowFacts } from './decision.ts';

/** Photos in a hundred that the candidate may fail to answer though the champion could. */
const mayFail = 0.01;

/** What labels say of two models that saw the same photos. */
type LabelsSay = 'better' | 'worse' | 'nothing';

interface Limits {
  maxDisagreement: number;
  alpha: number;
  overrule: boolean;
}

/** Logged requests are a sample of fixed size: each test looks once. */
export function judgeReplay(replay: ReplayFacts, limits: Limits): Check[] {
  const { photos, disagreed, failed, labelled } = replay;
  const { candidateOnly, championOnly } = labelled;
  const better = signTest(candidateOnly, championOnly);
  const worse = signTest(championOnly, candidateOnly);
  const labels: LabelsSay = isShownByReplay(better, limits)
    ? 'better'
    : isShownByReplay(worse, limits)
      ? 'worse'
      : 'nothing';
  const share = photos === 0 ? 0 : disagreed / photos;
  const asked = photos + failed;
  return [
    {
      name: 'failures',
      verdict: asked > 0 && failed / asked > mayFail ? 'fail' : 'pass',
      said: `${failed} of ${asked} photos were not answered`,
      numbers: { failed, photos: asked, limit: mayFail },
    },
    measured(labels, labelled, { betterP: better, worseP: worse }),
    disagreement(share > limits.maxDisagreement ? 'fail' : 'pass', labels, { disagreed, photos }, limits),
  ];
}

/** Better and worse share alpha. @param p of a sign test on the replay's labelled photos */
export const isShownByReplay = (p: number, { alpha }: { alpha: number }): boolean => p <= alpha / 2;

/** Requests come one by one, and each look counts them all: tests that may be looked at at any time. */
export function judgeShadow({ pairs, labelled, wasBetter }: ShadowFacts, wanted: number, limits: Limits): Check[] {
  const alpha = limits.alpha / 3;
  const answered = pairs.filter(({ status, candidate }) => status < 500 && candidate !== null);
  const failed = pairs.length - answered.length;
  const disagreed = answered.filter(({ champion, candidate }) => champion !== candidate).length;
  const isWhole = pairs.length >= wanted;
  const { candidateOnly, championOnly } = labelled;
  const discordant = candidateOnly + championOnly;
  const betterE = shareEValue(candidateOnly, discordant, 0.5);
  const worseE = shareEValue(championOnly, discordant, 0.5);
  const isBetter = wasBetter || betterE >= 1 / alpha;
  const labels: LabelsSay = worseE >= 1 / alpha ? 'worse' : isBetter ? 'better' : 'nothing';
  const failing = shareSequence(failed, pairs.length, alpha);
  const moving = shareSequence(disagreed, answered.length, alpha);
  const share = answered.length === 0 ? 0 : disagreed / answered.length;
  // at the end the share itself must be within the limit; before, it must be so for certain to end early
  const beyond = isWhole ? share > limits.maxDisagreement : moving.low > limits.maxDisagreement;
  return [
    {
      name: 'failures',
      verdict: failing.low > mayFail ? 'fail' : isWhole ? 'pass' : 'wait',
      said: `${failed} of ${pairs.length} photos were not answered`,
      numbers: { failed, photos: pairs.length, atLeast: failing.low, limit: mayFail },
    },
    measured(labels, labelled, { betterE, worseE }),
    disagreement(beyond ? 'fail' : isWhole ? 'pass' : 'wait', labels, { disagreed, photos: answered.length }, limits),
  ];
}

function measured(labels: LabelsSay, labelled: LabelledPairs, evidence: Record<string, number>): Check {
  const { bothRight, bothWrong, candidateOnly, championOnly } = labelled;
  const total = bothRight + bothWrong + candidateOnly + championOnly;
  const right = `candidate right on ${bothRight + candidateOnly}, champion on ${bothRight + championOnly} of ${total} labelled photos`;
  return {
    name: 'measured accuracy',
    verdict: labels === 'worse' ? 'fail' : 'pass',
    said: labels === 'nothing' ? right : `${right}: the candidate is ${labels}`,
    numbers: { ...labelled, ...evidence },
  };
}

function disagreement(
  verdict: Check['verdict'],
  labels: LabelsSay,
  { disagreed, photos }: { disagreed: number; photos: number },
  { maxDisagreement, overrule }: Limits,
): Check {
  const overruled = verdict === 'fail' && overrule && labels === 'better';
  const said = `${disagreed} of ${photos} photos answered otherwise, ${percent(maxDisagreement)} allowed`;
  return {
    name: 'disagreement',
    verdict: overruled ? 'pass' : verdict,
    said: overruled ? `${said}; labels show that the candidate is better` : said,
    numbers: { disagreed, photos, limit: maxDisagreement },
  };
}

const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
