import type { MaturityAnswer } from '../../contracts/api/maturity.ts';
import type { Facts } from './facts.ts';
import { levelTwoChecks } from './level-two-checks.ts';
import { metadataChecks } from './metadata-checks.ts';
import { pipelineChecks } from './pipeline-checks.ts';
import { triggerChecks } from './trigger-checks.ts';

/** All 46, in the order of their ids. */
export const maturityChecks = [...pipelineChecks, ...metadataChecks, ...triggerChecks, ...levelTwoChecks];

export function assessMaturity(facts: Facts): MaturityAnswer[] {
  return maturityChecks.map(({ id, title, gap, find }) => {
    const evidence = find(facts);
    return { id, title, holds: evidence !== null, evidence, gap: evidence === null ? gap : null };
  });
}
