import type { AlertMessage } from '../../contracts/loop/alert.ts';
import { headline, momentText } from './headline.ts';

/** Slack's incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export function slackBody(message: AlertMessage): string {
  const { finding, since, remedy, id } = message.alert;
  const lines = [
    `*${escaped(headline(message))}*`,
    escaped(finding.said),
    ...(message.news === 'opened' ? [escaped(`Since ${momentText(since)}. ${remedy}`)] : []),
    ...(message.news === 'test' ? [] : [`\`mitate alert show ${id}\``]),
  ];
  return JSON.stringify({ text: lines.join('\n') });
}

/** Slack's three control characters; a label named `<!channel>` must not notify anyone. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
