import type { AlertMessage, Channel } from '../../contracts/loop/alert.ts';
import { emailBody } from './email-body.ts';
import { pubsubBody } from './pubsub-body.ts';
import { slackBody } from './slack-body.ts';
import { webhookBody } from './webhook-body.ts';

/** A message in the channel's words, fixed when it is queued; `id` is the delivery's. */
export function bodyFor(channel: Channel, message: AlertMessage, id: string): string {
  switch (channel.kind) {
    case 'webhook':
      return webhookBody(message);
    case 'slack':
      return slackBody(message);
    case 'email':
      return emailBody(message);
    case 'pubsub':
      return pubsubBody(message, { shape: channel.shape, id });
  }
}

/** Whether a body is in the channel's words: a dead letter may be of one of the same name that spoke otherwise, and was removed. */
export function isBodyFor(channel: Channel, body: string): boolean {
  const parsed: object = JSON.parse(body);
  return marks(channel).every((key) => key in parsed);
}

function marks(channel: Channel): string[] {
  switch (channel.kind) {
    case 'webhook':
      return ['type', 'alert'];
    case 'slack':
      return ['text'];
    case 'email':
      return ['subject', 'text'];
    case 'pubsub':
      return [channel.shape === 'publish' ? 'messages' : 'message'];
  }
}
