import type { Channel } from '../../contracts/alert.ts';
import { type Reach, vettedAddresses } from '../../network/vetted-addresses.ts';
import type { EmailBody } from './email-body.ts';

const stepMs = 10_000;

/**
 * Hands a mail to an SMTP server at a vetted address. TLS from the start with `smtps:`; else STARTTLS, which only a server of the allow-list may lack.
 * @param url `smtps://user:password@host:465`
 * @throws NotPublic; what the server or the network says
 */
export async function sendEmail(
  { from, to }: Extract<Channel, { kind: 'email' }>,
  { id, body, url, reach, timeoutMs }: { id: string; body: string; url: URL; reach: Reach; timeoutMs: number },
): Promise<void> {
  const { addresses, isAllowed } = await vettedAddresses(url.hostname, reach);
  const { createTransport } = await import('nodemailer');
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
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
  const { subject, text } = JSON.parse(body) as EmailBody;
  const mail = {
    from,
    to,
    subject,
    text,
    messageId: `<${id}@mitate>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not taken within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    await Promise.race([transport.sendMail(mail), late]);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}
