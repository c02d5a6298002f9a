import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { lanAddresses } from '../../src/http/tls/lan-addresses.ts';
import { selfSigned } from '../support/certificate.ts';
import { errorOf, type RunningCommand, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
const started: RunningCommand[] = [];
afterAll(async () => {
  for (const { process, ended } of started) {
    process.kill('SIGTERM');
    await ended;
  }
  sandbox[Symbol.dispose]();
});

interface Started {
  running: RunningCommand;
  url: string;
  fingerprint: string;
}

async function start(...flags: string[]): Promise<Started> {
  const running = sandbox.start(['serve', '--port', '0', '--json', ...flags]);
  started.push(running);
  const [line] = (await Promise.race([once(running.process.stdout!, 'data'), running.ended])) as [Buffer | string];
  return { running, ...(JSON.parse(String(line)) as Omit<Started, 'running'>) };
}

async function stop({ running }: Pick<Started, 'running'>): Promise<void> {
  running.process.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
}

interface Answer {
  status: number;
  cookie: string;
  fingerprint: string;
}

/** Trusts `ca` alone, and checks the name as browsers do. */
function ask(url: string, { ca, body }: { ca: string; body?: object }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca, method: body ? 'POST' : 'GET', headers: { 'content-type': 'application/json' } });
    sent.on('error', reject).on('response', (response) => {
      const { fingerprint256 } = (response.socket as TLSSocket).getPeerCertificate();
      const [cookie = ''] = response.headers['set-cookie'] ?? [];
      response.resume().on('end', () => resolve({ status: response.statusCode!, cookie, fingerprint: fingerprint256 }));
    });
    sent.end(body && JSON.stringify(body));
  });
}

const ownCertificate = () => new X509Certificate(readFileSync(sandbox.at('.mitate/tls.pem'))).toString();

describe('mitate serve over TLS', () => {
  it('makes a certificate for this machine, keeps it, and commands and cookies know of it', async () => {
    const password = 'correct horse battery staple';
    await sandbox.start(['user', 'create', 'mika', '--password-stdin'], { input: password }).ended;
    const first = await start('--tls', 'self-signed');
    expect(first.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(statSync(sandbox.at('.mitate/tls.pem')).mode & 0o777).toBe(0o600);
    const ca = ownCertificate();
    expect(await ask(`${first.url}/livez`, { ca })).toMatchObject({ status: 200, fingerprint: first.fingerprint });
    const signedIn = await ask(`${first.url}/api/v1/sessions`, { ca, body: { name: 'mika', password } });
    expect([signedIn.status, signedIn.cookie]).toEqual([201, expect.stringMatching(/; Secure/)]);
    // through the server, which is known by its certificate
    expect((await sandbox.mitate('doctor')).stdout).toContain(`${first.url} runs, but is not ready (503)`);
    await stop(first);

    const second = await start('--tls', 'self-signed');
    expect(second.fingerprint).toBe(first.fingerprint);
    await stop(second);
  }, 120_000);

  it('serves the certificate of two files', async () => {
    const { cert, key } = selfSigned(['leaf.test', '127.0.0.1']);
    const files = ['--tls-cert', sandbox.write('cert.pem', cert), '--tls-key', sandbox.write('key.pem', key)];
    const server = await start(...files);
    expect(await ask(`${server.url}/livez`, { ca: cert })).toMatchObject({
      status: 200,
      fingerprint: server.fingerprint,
    });
    await expect(ask(`${server.url}/livez`, { ca: selfSigned(['127.0.0.1']).cert })).rejects.toThrow(/self-signed/);
    await stop(server);
  }, 60_000);

  it('says what is wrong with a certificate or a key', async () => {
    const good = selfSigned(['127.0.0.1']);
    const [cert, key] = [sandbox.write('good.pem', good.cert), sandbox.write('good.key', good.key)];
    const old = selfSigned(['127.0.0.1'], { isExpired: true });
    const [oldCert, oldKey] = [sandbox.write('old.pem', old.cert), sandbox.write('old.key', old.key)];
    const text = sandbox.write('text.pem', 'no certificate');
    const codeOf = async (...flags: string[]) =>
      errorOf(await sandbox.mitate('serve', '--port', '0', '--json', ...flags)).code;
    expect(await codeOf('--tls-cert', cert)).toBe('TLS_FLAGS_INCOMPLETE');
    expect(await codeOf('--tls', 'self-signed', '--tls-key', key)).toBe('TLS_FLAGS_INCOMPLETE');
    expect(await codeOf('--tls-cert', sandbox.at('none.pem'), '--tls-key', key)).toBe('TLS_FILE_UNREADABLE');
    expect(await codeOf('--tls-cert', text, '--tls-key', key)).toBe('TLS_CERTIFICATE_INVALID');
    expect(await codeOf('--tls-cert', cert, '--tls-key', text)).toBe('TLS_KEY_INVALID');
    expect(await codeOf('--tls-cert', cert, '--tls-key', oldKey)).toBe('TLS_KEY_MISMATCH');
    expect(await codeOf('--tls-cert', oldCert, '--tls-key', oldKey)).toBe('TLS_CERTIFICATE_EXPIRED');
  }, 120_000);
});

it('mitate up shows a phone the way: one address of this machine, and its QR code', async () => {
  const up = sandbox.start(['up', '--port', '0', '--host', '0.0.0.0', '--tls', 'self-signed']);
  await up.stderrHas(/worker ready/);
  up.process.kill('SIGTERM');
  const { stdout } = await up.ended;
  const [address] = lanAddresses();
  expect(stdout).toMatch(/█▀▀▀▀▀█|▄▄▄▄▄/);
  expect(stdout).toMatch(
    new RegExp(`For a phone in the same network: https://${address!.replaceAll('.', '\\.')}:\\d+`),
  );
}, 60_000);
