import type { TriggerKind } from '../../contracts/loop/trigger.ts';
import type { RunRecord } from '../../contracts/run.ts';
import { evidence, type MaturityCheck, short } from './check.ts';
import type { Facts } from './facts.ts';
import { isByHand, liveTrigger } from './look-ups.ts';

/** Level 1: triggers. */
export const triggerChecks: MaturityCheck[] = [
  {
    id: 'L1.22',
    title: 'trigger on demand',
    gap: 'mitate trigger run <name>',
    find: ({ runs, firings }) => {
      const triggered = new Set(firings.filter(isByHand).flatMap(({ run }) => run?.id ?? []));
      const isRequested = ({ id, trigger }: RunRecord) =>
        triggered.has(id) || ['demand', 'api', 'retry'].includes(trigger);
      return evidence(
        runs.find((run) => run.state === 'succeeded' && isRequested(run)),
        ({ id, who }) => `run ${short(id)}, requested by ${who}`,
      );
    },
  },
  {
    id: 'L1.23',
    title: 'trigger on schedule',
    gap: 'mitate trigger create nightly --pipeline pipeline.ts --cron "0 3 * * *"',
    find: (facts) => liveOf(facts, 'schedule'),
  },
  {
    id: 'L1.24',
    title: 'trigger on new data',
    gap: 'mitate trigger create arrivals --pipeline pipeline.ts --new-data photos',
    find: (facts) => liveOf(facts, 'new-data'),
  },
  {
    id: 'L1.25',
    title: 'trigger on performance',
    gap: 'mitate trigger create worse --pipeline pipeline.ts --performance <endpoint> --below 0.9',
    find: (facts) => liveOf(facts, 'performance'),
  },
  {
    id: 'L1.26',
    title: 'trigger on drift',
    gap: 'mitate trigger create drift --pipeline pipeline.ts --drift <endpoint>',
    find: (facts) => liveOf(facts, 'drift'),
  },
];

/** It must be enabled; it need not have fired yet. */
function liveOf(facts: Facts, kind: TriggerKind): string | null {
  return evidence(liveTrigger(facts, kind), ({ name, createdAt, who }) => {
    const fired = facts.firings.filter(({ trigger, state }) => trigger === name && state === 'fired').length;
    return `${name} is enabled since ${createdAt.toISOString().slice(0, 10)} (${who}), fired ${fired} times`;
  });
}
