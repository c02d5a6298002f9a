import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { type KeyPair, selfSigned } from '../../../tests/support/certificate.ts';
import { type SmtpOptions, SmtpServer } from '../../../tests/support/smtp-server.ts';
import { channelSchema } from '../../contracts/loop/alert.ts';
import { sendMessage } from './send.ts';

const name = 'mail.test';
const certificate = selfSigned([name, '127.0.0.1']);
const channel = channelSchema.parse({
  kind: 'email',
  smtpUrlEnv: 'MITATE_CHANNEL_SMTP',
  from: 'mitate@farm.example',
  to: ['ann@farm.example'],
});

interface Change extends SmtpOptions {
  host?: string;
  by?: KeyPair;
  addresses?: string[];
}

/** `none`: TLS where there is none. */
async function sent(kind: 'implicit' | 'starttls' | 'none', change: Change = {}): Promise<SmtpServer> {
  const { host = name, by = certificate, addresses = ['127.0.0.1'], ...options } = change;
  await using smtp = await SmtpServer.open({ ...(kind !== 'none' && { tls: { kind, certificate: by } }), ...options });
  const scheme = kind === 'starttls' ? 'smtp' : 'smtps';
  const sending = {
    secrets: { MITATE_CHANNEL_SMTP: `${scheme}://mitate:p%40ss@${host}:${smtp.port}` },
    allow: ['127.0.0.0/8'],
    resolve: async () => addresses.map((address) => ({ address, family: 4 })),
    timeoutMs: 5_000,
  };
  const body = JSON.stringify({ subject: 'Alert', text: 'it moved' });
  await sendMessage({ name: 'mail', channel, id: 'd1', body, at: new Date() }, sending);
  return smtp;
}

describe('mail over TLS', () => {
  const trusted = getCACertificates('default');
  const trust = (...those: KeyPair[]) => setDefaultCACertificates(those.map(({ cert }) => cert));
  afterEach(() => setDefaultCACertificates(trusted));

  it.each([
    ['from the first byte', 'implicit', name],
    ['by STARTTLS', 'starttls', name],
    ['at an address without a name', 'implicit', '127.0.0.1'],
  ] as const)('%s arrives, and the password goes through it alone', async (_how, kind, host) => {
    trust(certificate);
    const { mails, logins } = await sent(kind, { host });
    expect(mails).toMatchObject([{ from: 'mitate@farm.example', to: ['ann@farm.example'] }]);
    expect(logins).toEqual([{ login: 'mitate:p@ss', isSecure: true }]);
  });

  it.each(['LOGIN', 'CRAM-MD5'] as const)('signs in by %s too', async (method) => {
    trust(certificate);
    expect((await sent('starttls', { authMethods: [method] })).mails).toHaveLength(1);
  });

  const other = selfSigned(['else.test']);
  const old = selfSigned([name], { isExpired: true });
  it.each([
    ['that nobody vouches for', certificate, [], 'NODE_EXTRA_CA_CERTS'],
    ['of another name', other, [other], 'its certificate is for another name'],
    ['that has expired', old, [old], 'its certificate has expired'],
  ])('is not sent to a server with a certificate %s, and it is said', async (_what, by, those, reason) => {
    trust(...those);
    for (const kind of ['implicit', 'starttls'] as const)
      await expect(sent(kind, { by })).rejects.toMatchObject({
        code: 'CHANNEL_SEND_FAILED',
        message: expect.stringContaining(reason),
      });
  });

  it('is not sent to a port without TLS, and it is said which scheme has none', async () => {
    await expect(sent('none')).rejects.toThrow('no TLS on this port; smtps:// uses TLS from the first byte');
  });

  it('is tried at each address of the server', async () => {
    trust(certificate);
    expect((await sent('implicit', { addresses: ['127.0.0.9', '127.0.0.1'] })).mails).toHaveLength(1);
  });
});
