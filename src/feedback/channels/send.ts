import type { Channel } from '../../contracts/alert.ts';
import { MitateError } from '../../errors/index.ts';
import { post } from '../../network/post.ts';
import { NotPublic } from '../../network/public-address.ts';
import type { Reach } from '../../network/vetted-addresses.ts';
import { googleToken } from './google-token.ts';
import { sendEmail } from './send-email.ts';
import { signatureOf } from './sign.ts';

/** How messages leave. */
export interface Sending extends Reach {
  /** Variables that channels name, with their values. */
  secrets: Readonly<Record<string, string>>;
  /** For one message. @default 10000 */
  timeoutMs?: number | undefined;
}

export interface Outgoing {
  /** Of the channel. */
  name: string;
  channel: Channel;
  /** Of the delivery: receivers know by it what they got before. */
  id: string;
  body: string;
  at: Date;
}

const usualTimeoutMs = 10_000;
const shortestSecret = 16;

/**
 * Sends one message once. What went wrong names the receiver by its host alone, and no secret.
 * @throws CHANNEL_SECRET_MISSING, CHANNEL_INVALID, CHANNEL_ADDRESS_REFUSED, CHANNEL_SEND_FAILED (`isFinal`: sending it again is no use; `retryAfterMs`)
 */
export async function sendMessage(message: Outgoing, sending: Sending): Promise<void> {
  const { name, channel, id, body } = message;
  const timeoutMs = sending.timeoutMs ?? usualTimeoutMs;
  const url = targetOf(name, channel, sending.secrets);
  try {
    if (channel.kind === 'email') return await sendEmail(channel, { id, body, url, reach: sending, timeoutMs });
    const headers = { ...common(id), ...authorisation(message, url, sending.secrets) };
    const { status, retryAfterMs } = await post(url, { headers, body, reach: sending, timeoutMs });
    if (status < 200 || status > 299) throw refused(name, url, status, retryAfterMs);
  } catch (error) {
    throw asChannelError(error, name, url, secretsOf(channel, sending.secrets));
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
  if (url !== null && schemes.includes(url.protocol) && url.hostname !== '') return url;
  const reason = `${variable} does not hold a URL of ${schemes.join(' or ')}//`;
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
    const reason = `${variable} holds JSON that is no service account's key`;
    throw new MitateError('CHANNEL_INVALID', { channel: name, reason });
  }
}

/** Gone, or elsewhere: the same message will be refused again. */
function refused(channel: string, { host }: URL, status: number, retryAfterMs: number | null): MitateError {
  const isRedirect = status >= 300 && status < 400;
  const reason = isRedirect ? `it redirects (${status}), which is not followed` : `it answered ${status}`;
  const isFinal = isRedirect || status === 410;
  return new MitateError('CHANNEL_SEND_FAILED', { channel, target: host, reason, retryAfterMs, isFinal });
}

function asChannelError(error: unknown, channel: string, { host }: URL, secrets: string[]): unknown {
  if (error instanceof MitateError) return error;
  const causes = [error, (error as Error).cause].filter((one) => one instanceof Error);
  const notPublic = causes.find((one) => one instanceof NotPublic);
  if (notPublic)
    return new MitateError('CHANNEL_ADDRESS_REFUSED', { channel, target: host, reason: notPublic.message });
  const said = causes.find(({ message }) => message !== '')?.message ?? 'it failed';
  const reason = secrets.reduce((text, secret) => text.replaceAll(secret, '(secret)'), said).slice(0, 300);
  return new MitateError('CHANNEL_SEND_FAILED', { channel, target: host, reason, retryAfterMs: null, isFinal: false });
}

/** Whole and in parts, as a server's words may repeat them. */
function secretsOf(channel: Channel, secrets: Sending['secrets']): string[] {
  const variables = [
    'secretEnv' in channel ? channel.secretEnv : null,
    'urlEnv' in channel ? channel.urlEnv : null,
    'smtpUrlEnv' in channel ? channel.smtpUrlEnv : null,
  ];
  const values = variables.flatMap((name) => (name === null ? [] : (secrets[name] ?? [])));
  const parts = values.flatMap((value) => {
    const url = URL.parse(value);
    return url === null ? [] : [url.password, safelyDecoded(url.password), url.pathname];
  });
  return [...values, ...parts].filter((each) => each.length > 3);
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
