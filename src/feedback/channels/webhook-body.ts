import type { AlertMessage } from '../../contracts/loop/alert.ts';

/** `movers` are request ids. */
export function webhookBody({ news, project, at, alert, deployedModelId }: AlertMessage): string {
  const { id, monitor, kind, severity, endpoint, since, remedy, finding } = alert;
  const { said, statistic, p, threshold, interval, movers } = finding;
  return JSON.stringify({
    type: news === 'test' ? 'test' : `alert.${news}`,
    project,
    at,
    alert: {
      id,
      monitor,
      kind,
      severity,
      endpoint,
      deployedModelId,
      since,
      said,
      statistic,
      p,
      threshold,
      interval,
      movers,
      remedy,
    },
  });
}
