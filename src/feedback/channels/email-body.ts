import type { AlertMessage } from '../../contracts/loop/alert.ts';
import { headline, momentText } from './headline.ts';

export interface EmailBody {
  subject: string;
  text: string;
}

/** `EmailBody` as JSON. */
export function emailBody(message: AlertMessage): string {
  const { news, alert, project, at } = message;
  const { finding, since, remedy, id } = alert;
  const lines = [
    finding.said,
    '',
    ...(news === 'opened' ? [`Since: ${momentText(since)}`, `What to do: ${remedy}`] : []),
    ...(news === 'resolved' ? [`Since ${momentText(since)}, resolved at ${momentText(at)}.`] : []),
    ...(news === 'test' ? [] : ['', `Project ${project}. More: mitate alert show ${id}`]),
  ];
  return JSON.stringify({ subject: `[mitate] ${headline(message)}`, text: lines.join('\n') } satisfies EmailBody);
}
