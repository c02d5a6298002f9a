import type { TriggerKind } from '../../contracts/loop/trigger.ts';
import type { RunRecord } from '../../contracts/run.ts';
import { evidence, type MaturityCheck, short } from './check.ts';
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
  liveCheck('L1.23', 'schedule', 'nightly --pipeline pipeline.ts --cron "0 3 * * *"'),
  liveCheck('L1.24', 'new-data', 'arrivals --pipeline pipeline.ts --new-data photos'),
  liveCheck('L1.25', 'performance', 'worse --pipeline pipeline.ts --performance <endpoint> --below 0.9'),
  liveCheck('L1.26', 'drift', 'drift --pipeline pipeline.ts --drift <endpoint>'),
];

/** The trigger must be enabled; it need not have fired yet. */
function liveCheck(id: string, kind: TriggerKind, example: string): MaturityCheck {
  return {
    id,
    title: `trigger on ${kind.replace('-', ' ')}`,
    gap: `mitate trigger create ${example}`,
    find: (facts) =>
      evidence(liveTrigger(facts, kind), ({ name, createdAt, who }) => {
        const fired = facts.firings.filter(({ trigger, state }) => trigger === name && state === 'fired').length;
        return `${name} is enabled since ${createdAt.toISOString().slice(0, 10)} (${who}), fired ${fired} times`;
      }),
  };
}
