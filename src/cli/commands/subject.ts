import type { Command } from 'commander';
import { followSubject } from '../../actions/requests/subject.ts';
import type { SubjectHistory } from '../../contracts/api/requests.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';
import { percent } from '../output/percent.ts';
import { safeText } from '../output/safe-text.ts';

export function registerSubject(program: Command): void {
  const group = program.command('subject').description('follow a plant, or whatever requests name, over time');
  const show = group
    .command('show <subject>')
    .description('list the predictions for a subject, request by request, and tell whether it gets worse');
  action(show, async ({ inStore, output }, subject: string) => {
    const history = await inStore((store) => followSubject(store, subject));
    output.json(history);
    output.table(
      ['AT', 'ENDPOINT', 'MODEL', '#PHOTOS', 'PREDICTION'],
      history.visits.map(({ at, endpoint, model, combined }) => [
        moment(at),
        endpoint,
        `${model.name}${model.version === null ? '' : `@${model.version}`}`,
        combined?.photos ?? 0,
        combined === null ? 'refused' : percent(combined),
      ]),
    );
    output.line(safeText(trendText(history.trend)));
  });
}

function trendText(trend: SubjectHistory['trend']): string {
  if (trend === null) return 'Trend: none, since the model answers no yes-or-no question.';
  const { verdict, visits, p } = trend;
  const about = `${visits} requests that the last version answered, p = ${p.toFixed(3)}`;
  return verdict === 'unclear' ? `Trend: no change is shown (${about}).` : `Trend: ${verdict} (${about}).`;
}
