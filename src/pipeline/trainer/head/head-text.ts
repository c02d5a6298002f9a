import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';
import type { RidgeChoice } from './head-training.ts';

/** For summaries and cards: what the head is, and how its penalty was chosen. */
export function headText(config: HeadConfig, ridge: RidgeChoice | undefined): string {
  if (ridge) return `ridge head, ${penaltyText(ridge)}`;
  if (config.kind === 'logistic') return 'logistic head';
  return `head of ${config.hidden * config.members} hidden units`;
}

function penaltyText({ strength, tried }: RidgeChoice): string {
  if (tried.length === 0) return `penalty ${strength}`;
  const scores = tried.map((each) => `${each.strength}: ${each.nll.toFixed(4)}`).join(', ');
  return `penalty ${strength}, chosen by the negative log-likelihood of train photos whose group was left out (${scores})`;
}
