import { defineErrors } from '../define-errors.ts';

export const alertErrors = defineErrors({
  ALERT_UNKNOWN: {
    status: 404,
    when: 'no alert has that id, and no monitor of that name has an unresolved alert',
    message: 'Project "{project}" has no alert "{alert}".',
    remedy: 'List the alerts with "mitate alert list --all". Give an id, or the name of a monitor with an open alert.',
  },
  ALERT_RESOLVED: {
    status: 409,
    when: 'someone tries to change an alert that is already resolved',
    message: 'Alert {alert} was resolved at {resolvedAt}.',
    remedy: 'No action is needed. A new alert opens if its monitor reports a breach again.',
  },
  ALERT_CHANGED: {
    status: 409,
    when: 'someone else changed the alert at the same time',
    message: 'Alert {alert} was changed by someone else at the same time.',
    remedy: 'Check it with "mitate alert show {alert}", then repeat the change.',
  },
  ALERT_SILENCE_INVALID: {
    status: 400,
    when: 'an alert is silenced until a time in the past, or for more than 90 days',
    message: 'Cannot silence the alert until {until}: {reason}.',
    remedy: 'Give a time in the future, at most 90 days ahead, for example --for 3d.',
  },
  ALERT_NO_PHOTOS: {
    status: 404,
    when: 'none of the photos behind an alert is stored',
    message: 'No photo of alert {alert} can be shown: {reason}.',
    remedy:
      'See what changed with "mitate alert show {alert}". To store future photos: mitate endpoint set {endpoint} --images all',
  },
  CHANNEL_UNKNOWN: {
    status: 404,
    when: 'the named channel does not exist',
    message: 'Channel "{channel}" does not exist.',
    remedy: 'List the channels with "mitate channel list".',
  },
  CHANNEL_EXISTS: {
    status: 409,
    when: 'a channel is created under a name that is taken',
    message: 'Channel "{channel}" already exists.',
    remedy: 'Choose another name, or remove the existing one: mitate channel remove {channel}',
  },
  CHANNEL_INVALID: {
    status: 400,
    when: 'the settings of a channel are incomplete or invalid',
    message: 'Channel "{channel}" is not valid: {reason}.',
    remedy: 'Correct the settings; docs/guides/alerts.md lists what each kind of channel needs.',
  },
  CHANNEL_SECRET_MISSING: {
    status: 409,
    when: 'the secret that a channel names is neither in the environment of the sending process nor set in the project',
    message: 'Channel "{channel}" needs the secret {variable}, which is not set.',
    remedy:
      'Set it with "mitate secret set {variable}", or in the environment of the server and its workers, then run: mitate channel retry {channel}',
  },
  CHANNEL_ADDRESS_REFUSED: {
    status: 400,
    when: 'a channel points to an address that is neither public nor on the allow-list',
    message: 'Channel "{channel}" may not send to {target}: {reason}.',
    remedy: 'Use a public https address, or add its host or network to MITATE_CHANNEL_ALLOW (for example 10.0.0.0/8).',
  },
  CHANNEL_SEND_FAILED: {
    status: 502,
    when: 'the receiver of a channel was unreachable, too slow, or refused the message',
    message: 'Channel "{channel}" could not deliver to {target}: {reason}.',
    remedy:
      'Check the receiver. Failed messages are retried automatically; retry dead letters with: mitate channel retry {channel}',
  },
  DELIVERY_UNKNOWN: {
    status: 404,
    when: 'no dead letter has that id, or the channel has none',
    message: 'No dead letter matches {what}.',
    remedy: 'List the dead letters with "mitate channel dead".',
  },
});
