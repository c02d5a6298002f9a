import type { Command } from 'commander';
import { behaviour } from '../../actions/feedback/behaviour.ts';
import { decisionText, perRequestText, rateText } from '../../actions/feedback/behaviour-text.ts';
import type { Behaviour } from '../../contracts/loop/behaviour.ts';
import { action } from '../cli.ts';
import { inPeriod, type PeriodFlags, withPeriod } from '../options/period.ts';
import type { Output } from '../output/output.ts';

export function registerBehaviour(feedback: Command): void {
  const command = feedback
    .command('behaviour')
    .description(
      'show what users did with predictions, per version and role: funnel, rates, values, with 95 % intervals',
    )
    .option('--endpoint <name>', 'only this endpoint');
  withPeriod(command, 'predictions');
  action(command, async ({ inStore, output, by }, flags: PeriodFlags & { endpoint?: string }) => {
    const found = await inStore((store) => behaviour(store, inPeriod(flags, by.now)));
    for (const each of found) output.json(each);
    if (!output.options.json) print(output, found);
  });
}

function print(output: Output, found: readonly Behaviour[]): void {
  const rows = found.map((each) => {
    const { funnel, rates, helped } = each;
    const shares = [
      funnel.seen,
      rates.accepted,
      rates.overridden,
      rates.retaken,
      rates.abandoned,
      funnel.acted,
      helped,
    ];
    return [...armOf(each), each.answered, each.sessions, ...shares.map(rateText), decisionText(each)];
  });
  const columns = [
    '#ANSWERED',
    '#SESSIONS',
    'SEEN',
    'ACCEPTED',
    'OVERRIDDEN',
    'RETAKEN',
    'ABANDONED',
    'ACTED ON',
    'HELPED',
  ];
  output.table([...arm, ...columns, 'TIME TO DECISION'], rows, 'No predictions.');
  const values = found.flatMap((each) =>
    each.values.map((value) => {
      const { currency, events, sum } = value;
      return [...armOf(each), currency ?? 'no currency', events, sum.toFixed(2), perRequestText(value)];
    }),
  );
  if (values.length === 0) return;
  output.line();
  output.table([...arm, 'CURRENCY', '#EVENTS', '#SUM', 'PER REQUEST'], values);
}

const arm = ['ENDPOINT', 'MODEL', 'ROLE'];
const armOf = ({ endpoint, model, role }: Behaviour) => [endpoint, model, role];
