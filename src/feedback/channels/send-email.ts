import { connect, isIP, type Socket } from 'node:net';
import type { Channel } from '../../contracts/loop/alert.ts';
import { pinned } from '../../network/pinned.ts';
import { type Reach, type Vetted, vettedAddresses } from '../../network/vetted-addresses.ts';
import { within } from '../../network/within.ts';
import type { EmailBody } from './email-body.ts';

/** Limit of one silent step; `timeoutMs` limits the whole. */
const stepMs = 60_000;

/**
 * Sends a mail through an SMTP server at a vetted address. `smtps:` is TLS; `smtp:` is STARTTLS, optional only for servers on the allow-list.
 * @param url `smtps://user:password@host:465`
 * @returns the server's errors for rejected recipients; null when it accepted all
 * @throws NotPublic; errors of the server or network; Error after `timeoutMs`
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
    throw error === signal.reason ? new Error(`not accepted within ${timeoutMs / 1000} s`) : error;
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
    // no addresses in SNI (RFC 6066)
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
