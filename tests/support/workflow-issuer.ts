import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Issues ID tokens of jobs as GitHub does: keys for whoever verifies, and a token for whoever asks with an audience. */
export class WorkflowIssuer implements AsyncDisposable {
  /** Claims of the next tokens, over the usual ones. */
  claims: Record<string, unknown> = {};
  url!: string;
  readonly #key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  #server!: Server;

  static async open(): Promise<WorkflowIssuer> {
    const opened = new WorkflowIssuer();
    opened.#server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, opened.url);
      const answers: Record<string, () => object> = {
        '/.well-known/openid-configuration': () => ({ issuer: opened.url, jwks_uri: `${opened.url}/keys` }),
        '/keys': () => ({ keys: [{ ...opened.#key.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' }] }),
        '/token': () => ({ value: opened.token(searchParams.get('audience')!) }),
      };
      const answer = answers[pathname];
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer?.() ?? {}));
    });
    await new Promise<void>((listening) => opened.#server.listen(0, '127.0.0.1', listening));
    opened.url = `http://127.0.0.1:${(opened.#server.address() as AddressInfo).port}`;
    return opened;
  }

  token(aud: string, { key = this.#key.privateKey, head = {} }: { key?: KeyObject; head?: object } = {}) {
    const claims = {
      iss: this.url,
      aud,
      exp: Math.floor(Date.now() / 1000) + 300,
      repository: 'mika/leaf',
      ref: 'refs/heads/main',
      ref_protected: 'true',
      event_name: 'push',
      sha: 'abc',
      run_id: '7',
      ...this.claims,
    };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'RS256', kid: 'one', ...head })}.${part(claims)}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
