import { claim, evidence, type MaturityCheck, short } from './check.ts';
import { type AutomaticKind, firedRun, isByHand } from './look-ups.ts';

const events: Record<AutomaticKind, string> = {
  schedule: 'its time came',
  'new-data': 'a worker found new photos in its folder',
  performance: 'a measured accuracy fell',
  drift: 'an alert opened',
};

/** Level 1: triggers. */
export const triggerChecks: MaturityCheck[] = [
  {
    id: 'L1.22',
    title: 'trigger on demand',
    shownBy: 'a run that somebody asked for, and that trained a model',
    notBy: 'a run that took its model from the cache, or has none',
    gap: 'mitate trigger run <name>',
    find: ({ runs, trained, firings }) => {
      const triggered = new Set(firings.filter(isByHand).flatMap(({ run }) => run?.id ?? []));
      return evidence(
        runs.find(
          ({ id, state, trigger }) =>
            state === 'succeeded' &&
            trained.has(id) &&
            (triggered.has(id) || ['demand', 'api', 'retry'].includes(trigger)),
        ),
        ({ id, who }) => `run ${short(id)}, requested by ${who}`,
      );
    },
  },
  kindCheck('L1.23', 'schedule', 'nightly --pipeline pipeline.ts --cron "0 3 * * *"'),
  kindCheck('L1.24', 'new-data', 'arrivals --pipeline pipeline.ts --new-data photos'),
  kindCheck('L1.25', 'performance', 'worse --pipeline pipeline.ts --performance <endpoint> --below 0.9'),
  kindCheck('L1.26', 'drift', 'drift --pipeline pipeline.ts --drift <endpoint>'),
];

/** One that is enabled and has not trained anything yet says what it will do. */
function kindCheck(id: string, kind: AutomaticKind, example: string): MaturityCheck {
  return {
    id,
    title: `trigger on ${kind.replace('-', ' ')}`,
    shownBy: `a live trigger of this kind that started a run because ${events[kind]}, and the run trained a model`,
    notBy:
      kind === 'new-data'
        ? 'a trigger that exists and has started nothing; an API call that says that there are photos'
        : 'a trigger that exists and has started nothing; a run on demand of it',
    gap: `mitate trigger create ${example}; mitate worker`,
    find: (facts) =>
      evidence(
        firedRun(facts, kind),
        ({ firing: { trigger, at, run } }) =>
          `${trigger} started run ${short(run!.id)} on ${at.toISOString().slice(0, 10)}`,
      ) ??
      claim(
        facts.triggers.find(({ isEnabled, when }) => isEnabled && when.kind === kind),
        ({ name, createdAt, who }) =>
          `${name} is enabled since ${createdAt.toISOString().slice(0, 10)} (${who}); it has trained nothing by itself, or no worker runs`,
      ),
  };
}
