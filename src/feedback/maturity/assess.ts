import type { MaturityAnswer } from '../../contracts/api/maturity.ts';
import type { Facts } from './facts.ts';
import { levelTwoChecks } from './level-two-checks.ts';
import { metadataChecks } from './metadata-checks.ts';
import { pipelineChecks } from './pipeline-checks.ts';
import { triggerChecks } from './trigger-checks.ts';

/** All 46, in the order of their ids. */
export const maturityChecks = [...pipelineChecks, ...metadataChecks, ...triggerChecks, ...levelTwoChecks];

/** A claim holds nothing. */
export function assessMaturity(facts: Facts): MaturityAnswer[] {
  return maturityChecks.map(({ id, title, gap, find }) => {
    const found = find(facts);
    const evidence = found !== null && 'evidence' in found ? found.evidence : null;
    const claim = found !== null && 'claim' in found ? found.claim : null;
    return { id, title, holds: evidence !== null, evidence, claim, gap: evidence === null ? gap : null };
  });
}
