import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { KeyPair } from './certificate.ts';

export interface Mail {
  from: string;
  to: string[];
  /** Headers and text as they came. */
  data: string;
}

export interface SmtpOptions {
  /** `implicit`: from the first byte; `starttls`: offered, and asked for before a login. Default: none. */
  tls?: { kind: 'implicit' | 'starttls'; certificate: KeyPair };
  authMethods?: ('PLAIN' | 'LOGIN' | 'CRAM-MD5')[];
}

/** A mail server of this machine. */
export class SmtpServer implements AsyncDisposable {
  readonly mails: Mail[] = [];
  /** `user:password`, and whether they came through TLS. */
  readonly logins: { login: string; isSecure: boolean }[] = [];
  /** In place of accepting a mail, or this recipient: code and words. */
  refusal: string | null = null;
  readonly refusedRecipients = new Map<string, string>();
  readonly #server: SMTPServer;

  constructor({ tls, authMethods = ['PLAIN'] }: SmtpOptions = {}) {
    this.#server = new SMTPServer({
      ...(tls && { ...tls.certificate, secure: tls.kind === 'implicit' }),
      disabledCommands: tls?.kind === 'starttls' ? [] : ['STARTTLS'],
      allowInsecureAuth: tls === undefined,
      authMethods,
      authOptional: true,
      onAuth: ({ username, password }, { secure }, done) => {
        this.logins.push({ login: `${username}:${password}`, isSecure: secure });
        done(password === 'wrong' ? refusalOf('535 who are you') : null, { user: username });
      },
      onMailFrom: (_address, _session, done) => done(refusalOf(this.refusal)),
      onRcptTo: ({ address }, _session, done) => done(refusalOf(this.refusedRecipients.get(address) ?? null)),
      onData: (stream, { envelope }, done) => this.#take(stream, envelope, done),
    });
    // of clients that hang up
    this.#server.on('error', () => {});
  }

  static async open(options: SmtpOptions = {}): Promise<SmtpServer> {
    const server = new SmtpServer(options);
    await new Promise<void>((done) => server.#server.listen(0, '127.0.0.1', done));
    return server;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  #take(stream: SMTPServerDataStream, { mailFrom, rcptTo }: SMTPServerSession['envelope'], done: () => void): void {
    let data = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      data += chunk;
    });
    stream.on('end', () => {
      const [from, to] = [mailFrom ? mailFrom.address : '', rcptTo.map(({ address }) => address)];
      this.mails.push({ from, to, data: data.replaceAll('\r\n', '\n') });
      done();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((done) => void this.#server.close(() => done()));
  }
}

/** From a code and words. */
function refusalOf(text: string | null): Error | null {
  return text === null ? null : Object.assign(new Error(text.slice(4)), { responseCode: Number(text.slice(0, 3)) });
}
