import { connect, isIP, type Socket } from 'node:net';
import type { Channel } from '../../contracts/loop/alert.ts';
import { pinned } from '../../network/pinned.ts';
import { type Reach, type Vetted, vettedAddresses } from '../../network/vetted-addresses.ts';
import { within } from '../../network/within.ts';
import type { EmailBody } from './email-body.ts';

/** Of a step in which the server says nothing; the whole is ended by `timeoutMs`. */
const stepMs = 60_000;

/**
 * Hands a mail to an SMTP server at a vetted address. TLS from the start with `smtps:`; else STARTTLS, which only a server of the allow-list may lack.
 * @param url `smtps://user:password@host:465`
 * @returns whom the server would not take it for, in its words; null when it took it for all
 * @throws NotPublic; what the server or the network says; Error when it takes longer than `timeoutMs`
 */
export async function sendEmail(
  { from, to }: Extract<Channel, { kind: 'email' }>,
  { id, body, url, reach, timeoutMs }: { id: string; body: string; url: URL; reach: Reach; timeoutMs: number },
): Promise<string | null> {
  const signal = AbortSignal.timeout(timeoutMs);
  const { subject, text } = JSON.parse(body) as EmailBody;
  const headers = { 'Auto-Submitted': 'auto-generated' };
  const mail = { from, to, subject, text, messageId: `<${id}@mitate>`, headers };
  try {
    const vetted = await within(signal, vettedAddresses(url.hostname, reach));
    const transport = await transportTo(url, vetted, signal);
    try {
      const { rejectedErrors = [] } = await within(signal, transport.sendMail(mail));
      return rejectedErrors.map(({ message }) => message).join('; ') || null;
    } finally {
      transport.close();
    }
  } catch (error) {
    throw error === signal.reason ? new Error(`not taken within ${timeoutMs / 1000} s`) : error;
  }
}

async function transportTo(url: URL, { addresses, isAllowed }: Vetted, signal: AbortSignal) {
  const { createTransport } = await import('nodemailer');
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (secure ? 465 : 587);
  return createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && !isAllowed,
    getSocket: (_options, done) => {
      const lookup = pinned(addresses);
      opened(connect({ host, port, lookup, autoSelectFamily: true, signal })).then(
        (connection) => done(null, { connection }),
        (error) => done(error, undefined),
      );
    },
    // a name alone is said: RFC 6066 has no addresses
    tls: isIP(host) === 0 ? { servername: host } : {},
    ...(url.username !== '' && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function opened(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject).once('connect', () => resolve(socket));
  });
}
