import type { AlertMessage, Channel } from '../../contracts/loop/alert.ts';
import { emailBody } from './email-body.ts';
import { pubsubBody } from './pubsub-body.ts';
import { slackBody } from './slack-body.ts';
import { webhookBody } from './webhook-body.ts';

/** The message in the channel's format, fixed when it is queued. @param id of the delivery */
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

/** Whether a body has the channel's format: a dead letter may be from a removed channel of the same name and another kind. */
export function isBodyFor(channel: Channel, body: string): boolean {
  const parsed: object = JSON.parse(body);
  return keysOf(channel).every((key) => key in parsed);
}

function keysOf(channel: Channel): string[] {
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
