import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface Mail {
  from: string;
  to: string[];
  /** Headers and text as they came. */
  data: string;
}

/** A mail server of this machine that speaks enough SMTP (RFC 5321) to take mails, without TLS. */
export class SmtpServer implements AsyncDisposable {
  readonly mails: Mail[] = [];
  readonly logins: string[] = [];
  /** In place of accepting a mail. */
  refusal: string | null = null;
  #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => this.#serve(socket));

  static async open(): Promise<SmtpServer> {
    const server = new SmtpServer();
    await new Promise<void>((done) => server.#server.listen(0, '127.0.0.1', done));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    const say = (line: string) => socket.write(`${line}\r\n`);
    let mail: Mail = { from: '', to: [], data: '' };
    let inData = false;
    let rest = '';
    say('220 mail.test ready');
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      rest += chunk;
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (inData && line !== '.') mail.data += `${line}\n`;
        else if (inData) {
          inData = false;
          this.mails.push(mail);
          mail = { from: '', to: [], data: '' };
          say('250 taken');
        } else this.#answer(line, mail, say, () => (inData = true), socket);
      }
    });
  }

  #answer(line: string, mail: Mail, say: (line: string) => void, data: () => void, socket: Socket): void {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') say('250-mail.test\r\n250 AUTH PLAIN');
    else if (verb === 'AUTH') {
      this.logins.push(Buffer.from(line.split(' ')[2] ?? '', 'base64').toString());
      say('235 come in');
    } else if (verb === 'MAIL') {
      mail.from = address(line);
      say(this.refusal ?? '250 ok');
    } else if (verb === 'RCPT') {
      mail.to.push(address(line));
      say('250 ok');
    } else if (verb === 'DATA') {
      data();
      say('354 go on');
    } else if (verb === 'QUIT') {
      say('221 bye');
      socket.end();
    } else say('250 ok');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}

const address = (line: string) => /<([^>]*)>/.exec(line)?.[1] ?? '';
