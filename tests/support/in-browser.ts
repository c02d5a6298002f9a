import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { src } from '../architecture/imports.ts';
import { ScratchFolder } from './scratch-folder.ts';

export interface BrowserPage {
  open(url: string): Promise<void>;
  /** Value of an expression in the page; a promise is waited for. */
  run(expression: string): Promise<unknown>;
  /** Errors that the page logged: refused scripts, failed loads, thrown errors. */
  readonly problems: string[];
}

/** Works in a page of a headless Chromium. There, `/src/...` of the opened site is this package's source without its types. */
export async function inBrowser(chromium: string, work: (page: BrowserPage) => Promise<void>): Promise<void> {
  using profile = new ScratchFolder();
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile.path}`,
  ];
  const child = spawn(chromium, [...flags, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const protocol = await connect(await addressOf(child.stderr));
    await work(await openPage(protocol));
    protocol.close();
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

async function addressOf(stderr: AsyncIterable<Buffer>): Promise<string> {
  let said = '';
  for await (const chunk of stderr) {
    said += chunk;
    const [, address] = /listening on (ws:\S+)/.exec(said) ?? [];
    if (address) return address;
  }
  throw new Error(`Chromium did not start: ${said}`);
}

type Event = { method: string; params: Record<string, unknown> };

/** Chrome DevTools Protocol over one socket. */
interface Protocol {
  send<T>(method: string, params?: object, sessionId?: string): Promise<T>;
  on(listener: (event: Event) => void): void;
  close(): void;
}

async function connect(address: string): Promise<Protocol> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, (message: { result?: unknown; error?: { message: string } }) => void>();
  const listeners: ((event: Event) => void)[] = [];
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.id === undefined) for (const listener of listeners) listener(message);
    else waiting.get(message.id)?.(message);
  };
  await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
  let id = 0;
  return {
    send: <T>(method: string, params: object = {}, sessionId?: string) =>
      new Promise<T>((resolve, reject) => {
        waiting.set(++id, ({ result, error }) =>
          error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result as T),
        );
        socket.send(JSON.stringify({ id, method, params, sessionId }));
      }),
    on: (listener) => void listeners.push(listener),
    close: () => socket.close(),
  };
}

async function openPage(protocol: Protocol): Promise<BrowserPage> {
  const { targetId } = await protocol.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await protocol.send<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  });
  const send = <T>(method: string, params?: object) => protocol.send<T>(method, params, sessionId);
  const problems: string[] = [];
  let loaded = () => {};
  protocol.on(({ method, params }) => {
    if (method === 'Page.loadEventFired') loaded();
    if (method === 'Fetch.requestPaused') void send('Fetch.fulfillRequest', sourceFor(params as unknown as Paused));
    const entry = params.entry as { level: string; text: string; url?: string } | undefined;
    if (method === 'Log.entryAdded' && entry?.level === 'error') problems.push(`${entry.text} ${entry.url ?? ''}`);
    if (method === 'Runtime.exceptionThrown') problems.push(JSON.stringify(params.exceptionDetails));
  });
  for (const domain of ['Page', 'Runtime', 'Log']) await send(`${domain}.enable`);
  await send('Fetch.enable', { patterns: [{ urlPattern: '*/src/*' }] });
  return {
    problems,
    async open(url) {
      const done = new Promise<void>((resolve) => {
        loaded = resolve;
      });
      await send('Page.navigate', { url });
      await done;
    },
    async run(expression) {
      const asked = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await send<Evaluated>('Runtime.evaluate', asked);
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
      return result.value;
    },
  };
}

interface Paused {
  requestId: string;
  request: { url: string };
}
interface Evaluated {
  result: { value: unknown };
  exceptionDetails?: object;
}

function sourceFor({ requestId, request }: Paused): object {
  const file = new URL(request.url).pathname.replace(/^.*\/src\//, '');
  const code = stripTypeScriptTypes(readFileSync(join(src, file), 'utf8'));
  const responseHeaders = [{ name: 'content-type', value: 'text/javascript' }];
  return { requestId, responseCode: 200, responseHeaders, body: Buffer.from(code).toString('base64') };
}
