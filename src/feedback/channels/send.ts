import { type Channel, channelVariables } from '../../contracts/loop/alert.ts';
import { MitateError } from '../../errors/index.ts';
import { post } from '../../network/post.ts';
import { NotPublic } from '../../network/public-address.ts';
import { type Reach, vettedAddresses } from '../../network/vetted-addresses.ts';
import { within } from '../../network/within.ts';
import { isBodyFor } from './body.ts';
import { failureReason } from './failure-reason.ts';
import { googleToken } from './google-token.ts';
import { sendEmail } from './send-email.ts';
import { signatureOf } from './sign.ts';

export interface Sending extends Reach {
  /** Values of the environment variables that channels name. */
  secrets: Readonly<Record<string, string>>;
  /** Per message. Default: 10 s, 60 s for a mail. */
  timeoutMs?: number | undefined;
}

export interface Outgoing {
  name: string;
  channel: Channel;
  /** Id of the delivery, for receivers to detect duplicates. */
  id: string;
  body: string;
  at: Date;
}

const usualTimeoutMs = 10_000;
/** Mail servers delay greetings on purpose and scan before they accept; giving up too early would deliver the mail ten times. */
const mailTimeoutMs = 60_000;
const shortestSecret = 16;

/**
 * Sends one message once. Errors contain the receiver's host and no secret.
 * @returns errors for the recipients that it did not reach; null when it reached all
 * @throws CHANNEL_SECRET_MISSING, CHANNEL_INVALID, CHANNEL_ADDRESS_REFUSED, CHANNEL_SEND_FAILED (`isFinal`: do not retry; `retryAfterMs`)
 */
export async function sendMessage(message: Outgoing, sending: Sending): Promise<string | null> {
  const { name, channel, id, body } = message;
  const timeoutMs = sending.timeoutMs ?? (channel.kind === 'email' ? mailTimeoutMs : usualTimeoutMs);
  const url = targetOf(name, channel, sending.secrets);
  if (!isBodyFor(channel, body)) throw wrongFormat(name, url);
  try {
    if (channel.kind === 'email') return await sendEmail(channel, { id, body, url, reach: sending, timeoutMs });
    const headers = { ...common(id), ...authorisation(message, url, sending.secrets) };
    const { status, retryAfterMs } = await post(url, { headers, body, reach: sending, timeoutMs });
    if (status < 200 || status > 299) throw refused(name, url, status, retryAfterMs);
    return null;
  } catch (error) {
    throw asChannelError(error, name, url, secretsOf(channel, sending.secrets));
  }
}

/**
 * What `sendMessage` checks before it connects: variables, URL, and that the addresses of the host are allowed.
 * @throws CHANNEL_SECRET_MISSING, CHANNEL_INVALID, CHANNEL_ADDRESS_REFUSED, CHANNEL_SEND_FAILED (its host has no address)
 */
export async function checkChannel(name: string, channel: Channel, sending: Sending): Promise<void> {
  const { secrets, timeoutMs = usualTimeoutMs } = sending;
  const url = targetOf(name, channel, secrets);
  authorisation({ name, channel, id: '', body: '', at: new Date() }, url, secrets);
  try {
    await within(AbortSignal.timeout(timeoutMs), vettedAddresses(url.hostname, sending));
  } catch (error) {
    throw asChannelError(error, name, url, secretsOf(channel, secrets));
  }
}

const common = (id: string) => ({
  'content-type': 'application/json; charset=utf-8',
  'user-agent': 'mitate',
  'x-mitate-delivery': id,
});

function targetOf(name: string, channel: Channel, secrets: Sending['secrets']): URL {
  if (channel.kind === 'webhook' || channel.kind === 'pubsub') return new URL(channel.url);
  const variable = channel.kind === 'slack' ? channel.urlEnv : channel.smtpUrlEnv;
  const url = URL.parse(secretOf(name, variable, secrets));
  const schemes = channel.kind === 'slack' ? ['https:', 'http:'] : ['smtps:', 'smtp:'];
  const isUrl = url !== null && schemes.includes(url.protocol) && url.hostname !== '';
  if (isUrl && [url.username, url.password].every((part) => safelyDecoded(part) !== null)) return url;
  const hint = channel.kind === 'email' ? '; in a password "%" is written %25, "@" %40, "/" %2F, "#" %23' : '';
  const reason = `${variable} does not hold a URL of ${schemes.join(' or ')}//${hint}`;
  throw new MitateError('CHANNEL_INVALID', { channel: name, reason });
}

function secretOf(channel: string, variable: string, secrets: Sending['secrets']): string {
  const value = Object.hasOwn(secrets, variable) ? secrets[variable] : undefined;
  if (value) return value;
  throw new MitateError('CHANNEL_SECRET_MISSING', { channel, variable });
}

function authorisation(
  { name, channel, body, at }: Outgoing,
  url: URL,
  secrets: Sending['secrets'],
): Record<string, string> {
  if (channel.kind === 'webhook') {
    const secret = secretOf(name, channel.secretEnv, secrets);
    if (secret.length >= shortestSecret) return { 'x-mitate-signature': signatureOf(secret, body, at) };
    const reason = `the secret in ${channel.secretEnv} is shorter than ${shortestSecret} characters`;
    throw new MitateError('CHANNEL_INVALID', { channel: name, reason });
  }
  if (channel.kind !== 'pubsub' || channel.secretEnv === null) return {};
  const secret = secretOf(name, channel.secretEnv, secrets).trim();
  return {
    authorization: `Bearer ${secret.startsWith('{') ? tokenOf(name, channel.secretEnv, secret, url, at) : secret}`,
  };
}

function tokenOf(name: string, variable: string, key: string, url: URL, at: Date): string {
  try {
    return googleToken(key, `${url.origin}/`, at);
  } catch {
    const reason = `${variable} holds JSON that is not a service account's key`;
    throw new MitateError('CHANNEL_INVALID', { channel: name, reason });
  }
}

/** Final for redirects and 410: a retry would fail too. */
function refused(channel: string, { host }: URL, status: number, retryAfterMs: number | null): MitateError {
  const isRedirect = status >= 300 && status < 400;
  const reason = isRedirect ? `it redirects (${status}), which is not followed` : `it answered ${status}`;
  const isFinal = isRedirect || status === 410;
  return new MitateError('CHANNEL_SEND_FAILED', { channel, target: host, reason, retryAfterMs, isFinal });
}

function wrongFormat(channel: string, { host }: URL): MitateError {
  const reason = 'the message was queued for a removed channel of the same name and another kind';
  return new MitateError('CHANNEL_SEND_FAILED', { channel, target: host, reason, retryAfterMs: null, isFinal: true });
}

function asChannelError(error: unknown, channel: string, { host }: URL, secrets: string[]): unknown {
  if (error instanceof MitateError) return error;
  const notPublic = [error, (error as Error).cause].find((one) => one instanceof NotPublic);
  if (notPublic)
    return new MitateError('CHANNEL_ADDRESS_REFUSED', { channel, target: host, reason: notPublic.message });
  const reason = secrets
    .reduce((text, secret) => text.replaceAll(secret, '(secret)'), failureReason(error))
    .slice(0, 300);
  return new MitateError('CHANNEL_SEND_FAILED', { channel, target: host, reason, retryAfterMs: null, isFinal: false });
}

/** Secrets, whole and in parts, that a server's message might repeat. */
function secretsOf(channel: Channel, secrets: Sending['secrets']): string[] {
  const values = channelVariables(channel).flatMap((name) => secrets[name] ?? []);
  const parts = values.flatMap((value) => {
    const url = URL.parse(value);
    return url === null ? [] : [url.password, safelyDecoded(url.password) ?? '', url.pathname, url.search];
  });
  return [...values, ...parts].filter((each) => each.length > 3);
}

function safelyDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
