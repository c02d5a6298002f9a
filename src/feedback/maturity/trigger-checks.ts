import type { TriggerKind } from '../../contracts/loop/trigger.ts';
import type { RunRecord } from '../../contracts/run.ts';
import { type MaturityCheck, short, shown } from './check.ts';
import type { Facts } from './facts.ts';
import { isByHand, liveTrigger } from './look-ups.ts';

/** Level 1: what starts the pipeline. */
export const triggerChecks: MaturityCheck[] = [
  {
    id: 'L1.22',
    title: 'trigger on demand',
    gap: 'mitate trigger run <name>',
    find: ({ runs, firings }) => {
      const triggered = new Set(firings.filter(isByHand).flatMap(({ run }) => run?.id ?? []));
      const isAskedFor = ({ id, trigger }: RunRecord) =>
        triggered.has(id) || ['demand', 'api', 'retry'].includes(trigger);
      return shown(
        runs.find((run) => run.state === 'succeeded' && isAskedFor(run)),
        ({ id, who }) => `run ${short(id)}, asked for by ${who}`,
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

/** It is on; how often it fired is said, not asked for: what has not happened yet is no gap. */
function liveOf(facts: Facts, kind: TriggerKind): string | null {
  return shown(liveTrigger(facts, kind), ({ name, createdAt, who }) => {
    const fired = facts.firings.filter(({ trigger, state }) => trigger === name && state === 'fired').length;
    return `${name} is on since ${createdAt.toISOString().slice(0, 10)} (${who}), fired ${fired} times`;
  });
}
