import type { PromotionDetails } from '../../actions/promotions/promotion.ts';
import { type Promotion, type PromotionCheck, readEvidence } from '../../contracts/loop/promotion.ts';
import { moment } from './moment.ts';
import type { Output } from './output.ts';

/** For --json. */
export const toView = (promotion: Promotion) => ({ ...promotion, why: promotion.decisions.at(-1)!.why });

export function printPromotions(output: Output, promotions: readonly Promotion[]): void {
  for (const each of promotions) output.json(toView(each));
  output.table(
    ['PROMOTION', 'ENDPOINT', 'CANDIDATE', 'CHAMPION', 'STATE', 'SINCE', 'REASON'],
    promotions.map((each) => [
      each.id,
      each.endpoint,
      `${each.modelName}@${each.version}`,
      `${each.championName}@${each.championVersion}`,
      stateText(each),
      moment(each.stepSince),
      each.decisions.at(-1)!.why,
    ]),
    'No promotions. A Pusher with a promotion policy starts one, or "mitate promotion start <endpoint>".',
  );
}

function stateText({ state, step, policy }: Promotion): string {
  return state === 'canary' ? `canary ${policy.canary.steps[step]} %` : state;
}

/** With its decisions, approvals and current checks. */
export function printPromotion(output: Output, { promotion, approvals, now }: PromotionDetails): void {
  printPromotions(output, [promotion]);
  output.line();
  output.table(
    ['TIME', 'STATE', 'ACTOR', 'REASON', 'ARTIFACT'],
    promotion.decisions.map(({ at, state, who, why, artifact }) => [moment(new Date(at)), state, who, why, artifact]),
  );
  if (approvals.length > 0) printApprovals(output, approvals);
  output.line();
  const { why, checks } = now ?? lastJudged(promotion);
  output.line(output.style('bold', now ? `now: ${why}` : why));
  if (checks.length > 0) printChecks(output, checks);
}

/** The checks behind the last judged step: an ended promotion is not judged again. */
function lastJudged({ decisions }: Promotion): { why: string; checks: PromotionCheck[] } {
  const judged = decisions.findLast((decision) => readEvidence(decision).checks.length > 0);
  return judged
    ? { why: `${judged.state} on these checks:`, checks: readEvidence(judged).checks }
    : { why: '', checks: [] };
}

function printApprovals(output: Output, approvals: PromotionDetails['approvals']): void {
  output.line();
  output.table(
    ['TIME', 'GATE', 'ACTOR', 'ROLE', 'VERDICT', 'REASON'],
    approvals.map(({ at, before, who, role, verdict, why }) => [moment(at), before, who, role, verdict, why]),
  );
}

function printChecks(output: Output, checks: readonly PromotionCheck[]): void {
  output.table(
    ['CHECK', 'VERDICT', 'DETAILS'],
    checks.map(({ name, verdict, said }) => [name, verdict, said]),
  );
}
