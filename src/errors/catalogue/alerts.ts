import { defineErrors } from '../define-errors.ts';

export const alertErrors = defineErrors({
  ALERT_UNKNOWN: {
    status: 404,
    when: 'no alert has that id, and no monitor of that name has one that is not resolved',
    message: 'Project "{project}" has no alert "{alert}".',
    remedy: '"mitate alert list --all" lists the alerts; give an id, or the name of a monitor whose alert is open.',
  },
  ALERT_RESOLVED: {
    status: 409,
    when: 'an alert is to be changed that is already resolved',
    message: 'The alert {alert} was resolved at {resolvedAt}.',
    remedy: 'Nothing is to be done; when its monitor finds the same again, a new alert opens.',
  },
  ALERT_CHANGED: {
    status: 409,
    when: 'an alert was changed by somebody else while it was being changed',
    message: 'The alert {alert} was changed by somebody else at the same moment.',
    remedy: 'Look at it again ("mitate alert show {alert}"), then repeat the change.',
  },
  ALERT_SILENCE_INVALID: {
    status: 400,
    when: 'an alert is to be silenced until a moment that has passed, or for longer than 90 days',
    message: 'An alert cannot be silenced until {until}: {reason}.',
    remedy: 'Give a moment to come within 90 days, for example --for 3d.',
  },
  ALERT_NO_PHOTOS: {
    status: 404,
    when: 'no photo of those that moved an alert is kept',
    message: 'There is no photo to show of what moved the alert {alert}: {reason}.',
    remedy:
      '"mitate alert show {alert}" says what moved. Photos to come are kept by: mitate endpoint set {endpoint} --images all',
  },
  CHANNEL_UNKNOWN: {
    status: 404,
    when: 'a channel is named that nobody made',
    message: 'There is no channel "{channel}".',
    remedy: '"mitate channel list" lists the channels.',
  },
  CHANNEL_EXISTS: {
    status: 409,
    when: 'a channel is to be made under a name that is taken',
    message: 'There is already a channel "{channel}".',
    remedy: 'Choose another name, or remove that one: mitate channel remove {channel}',
  },
  CHANNEL_INVALID: {
    status: 400,
    when: 'a channel’s settings do not say where to send, or say it in a way that is not taken',
    message: 'The channel "{channel}" cannot be used: {reason}.',
    remedy: 'See docs/guides/alerts.md for what each kind of channel needs, and correct the settings.',
  },
  CHANNEL_SECRET_MISSING: {
    status: 409,
    when: 'the environment variable that a channel names is empty or not set in the process that sends',
    message: 'The channel "{channel}" needs the variable {variable}, which is not set here.',
    remedy: 'Set {variable} for the server and its workers, then: mitate channel retry {channel}',
  },
  CHANNEL_ADDRESS_REFUSED: {
    status: 400,
    when: 'a channel points to an address that is not public and not on the allow-list',
    message: 'The channel "{channel}" may not send to {target}: {reason}.',
    remedy: 'Use a public https address, or add its host or network to MITATE_CHANNEL_ALLOW (for example 10.0.0.0/8).',
  },
  CHANNEL_SEND_FAILED: {
    status: 502,
    when: 'the receiver of a channel could not be reached, was too slow, or refused the message',
    message: 'The channel "{channel}" could not deliver to {target}: {reason}.',
    remedy:
      'Check the receiver; a failed message is tried again by itself, a dead one by: mitate channel retry {channel}',
  },
  DELIVERY_UNKNOWN: {
    status: 404,
    when: 'no dead letter has that id, or the channel has none',
    message: 'There is no dead letter of {what}.',
    remedy: '"mitate channel dead" lists the dead letters.',
  },
});
