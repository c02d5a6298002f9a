import type { Channel } from '../../contracts/alert.ts';
import { type Reach, type Vetted, vettedAddresses } from '../../network/vetted-addresses.ts';
import { within } from '../../network/within.ts';
import type { EmailBody } from './email-body.ts';

const stepMs = 10_000;

/**
 * Hands a mail to an SMTP server at a vetted address. TLS from the start with `smtps:`; else STARTTLS, which only a server of the allow-list may lack.
 * @param url `smtps://user:password@host:465`
 * @throws NotPublic; what the server or the network says; Error when it takes longer than `timeoutMs`
 */
export async function sendEmail(
  { from, to }: Extract<Channel, { kind: 'email' }>,
  { id, body, url, reach, timeoutMs }: { id: string; body: string; url: URL; reach: Reach; timeoutMs: number },
): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  const { subject, text } = JSON.parse(body) as EmailBody;
  const headers = { 'Auto-Submitted': 'auto-generated' };
  const mail = { from, to, subject, text, messageId: `<${id}@mitate>`, headers };
  try {
    const vetted = await within(signal, vettedAddresses(url.hostname, reach));
    const transport = await transportTo(url, vetted);
    try {
      await within(signal, transport.sendMail(mail));
    } finally {
      transport.close();
    }
  } catch (error) {
    throw error === signal.reason ? new Error(`not taken within ${timeoutMs / 1000} s`) : error;
  }
}

async function transportTo(url: URL, { addresses, isAllowed }: Vetted) {
  const { createTransport } = await import('nodemailer');
  const secure = url.protocol === 'smtps:';
  return createTransport({
    host: addresses[0]!.address,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !isAllowed,
    tls: { servername: url.hostname.replace(/^\[|\]$/g, '') },
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
