import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { renderUnicodeCompact } from 'uqr';
import { type ContainerConfig, containerConfig } from '../../config/container.ts';
import { MitateError } from '../../errors/index.ts';
import { startContainer } from '../../http/container.ts';
import type { AccessMode } from '../../http/plugins/authenticate.ts';
import { type RunningServer, startServer } from '../../http/serve.ts';
import { phoneAddress } from '../../http/tls/lan-addresses.ts';
import type { TlsOptions } from '../../http/tls/served-key-pair.ts';
import { untilAborted } from '../../processes/until-aborted.ts';
import { action, type Cli } from '../cli.ts';
import { duration } from '../output/duration.ts';
import type { Output } from '../output/output.ts';
import { recordLines } from '../output/record-lines.ts';
import { serverLogger } from '../server-logger.ts';

/** For requests in flight (30 s) and the journal. */
const stopMs = 35_000;

export interface ServeFlags {
  port: number;
  host: string;
  auth: boolean;
  static?: string;
  defaultEndpoint?: string;
  tls?: 'self-signed';
  tlsCert?: string;
  tlsKey?: string;
}

interface ContainerFlags extends ServeFlags {
  model?: string;
}

export function registerServe(program: Command): void {
  const command = withServeFlags(program.command('serve')).description('serve the deployed models over HTTP');
  command.option(
    '--model <folder>',
    'serve only this model folder, without workspace and keys, configured by AIP_* variables',
  );
  action(command, async (cli, flags: ContainerFlags) => {
    const logs = serverLogger(cli.config.logLevel);
    const container = containerConfig(flags);
    if (container && tlsOptions(flags))
      throw new MitateError('TLS_FLAGS_INCOMPLETE', { reason: '--model serves plain HTTP' });
    await (container ? serveModel(cli, container, flags, logs) : serveUntilStopped(cli, flags, logs));
  });
}

/** As a container: stdout gets request records only. Vertex AI sets the port and connects from outside. */
async function serveModel(
  { config: { processes }, signal, allowStop }: Cli,
  container: ContainerConfig,
  flags: ContainerFlags,
  { logger, requests }: ReturnType<typeof serverLogger>,
): Promise<void> {
  const { port = flags.port, host = flags.host } =
    container.port === null ? {} : { port: container.port, host: '0.0.0.0' };
  const sink = recordLines(process.stdout);
  const running = await startContainer(container, { host, port, processes, sink, logger, requestLogger: requests });
  logger.info('model is serving', {
    url: running.url,
    predict: container.predictRoute,
    health: container.healthRoute,
  });
  allowStop(stopMs);
  await untilAborted(signal);
  await running.close();
}

export function withServeFlags(command: Command): Command {
  return command
    .option('--port <n>', 'port to listen on, 0 = any free port', portNumber, 8080)
    .option('--host <address>', 'address to listen on, 0.0.0.0 = all interfaces', '127.0.0.1')
    .option('--default-endpoint <name>', 'endpoint for requests that name none (default: the only one)')
    .option('--static <folder>', 'folder with a web page, served at / without a key')
    .addOption(
      new Option('--tls <how>', 'HTTPS with a certificate that Mitate makes and renews').choices(['self-signed']),
    )
    .option('--tls-cert <file>', 'HTTPS with this certificate, in PEM, its chain after it')
    .option('--tls-key <file>', 'private key of --tls-cert, in PEM')
    .option('--no-auth', 'do not require keys; only on a loopback address');
}

/** @throws TLS_FLAGS_INCOMPLETE */
function tlsOptions({ tls, tlsCert, tlsKey }: Pick<ServeFlags, 'tls' | 'tlsCert' | 'tlsKey'>): TlsOptions | undefined {
  const incomplete = (reason: string) => new MitateError('TLS_FLAGS_INCOMPLETE', { reason });
  if (tls !== undefined && (tlsCert ?? tlsKey) !== undefined)
    throw incomplete('--tls makes a certificate, and --tls-cert or --tls-key names another');
  if (tlsCert !== undefined && tlsKey !== undefined) return { cert: resolve(tlsCert), key: resolve(tlsKey) };
  if (tlsCert !== undefined) throw incomplete('--tls-cert has no --tls-key');
  if (tlsKey !== undefined) throw incomplete('--tls-key has no --tls-cert');
  return tls;
}

/**
 * @param companion of "up": started once the server is listening, closed before it
 */
export async function serveUntilStopped(
  { config, output, signal, allowStop }: Cli,
  { port, host, auth, defaultEndpoint, static: page, ...flags }: ServeFlags,
  { logger, requests }: ReturnType<typeof serverLogger>,
  companion?: () => AsyncDisposable,
): Promise<void> {
  const access: AccessMode = auth ? 'keys' : 'open';
  const staticFolder = page === undefined ? undefined : resolve(page);
  const tls = tlsOptions(flags);
  const options = { host, port, access, defaultEndpoint, staticFolder, tls, logger, requestLogger: requests };
  const server = await startServer(config, options);
  let stoppedAt = 0;
  try {
    await using _companion = companion?.();
    allowStop(stopMs);
    // "up" is for people: at this machine, or with a phone beside it
    printAddress(
      output,
      companion ? server : { ...server, signInLink: null },
      companion ? phoneAddress(server.url, host) : null,
    );
    await untilAborted(signal, server.lost);
    stoppedAt = performance.now();
  } finally {
    await server.close();
  }
  output.note(`Stopped in ${duration((performance.now() - stoppedAt) / 1000)}.`);
}

function printAddress(
  output: Output,
  { url, firstKey, signInLink, fingerprint }: Pick<RunningServer, 'url' | 'firstKey' | 'signInLink' | 'fingerprint'>,
  phone: string | null,
): void {
  const forPeople = { ...(signInLink && { signInLink }), ...(phone && { phone }) };
  output.json({ url, firstKey, ...(fingerprint && { fingerprint }), ...forPeople });
  output.line(`Serving at ${output.style('bold', url)}; interactive API docs at ${url}/api/v1/docs`);
  if (fingerprint !== null) output.line(`Fingerprint of the certificate (SHA-256): ${fingerprint}`);
  if (signInLink !== null)
    output.line(`Open the console (once, within 15 minutes): ${output.style('bold', signInLink)}`);
  if (firstKey !== null) output.line(`First admin key (cannot be shown again): ${output.style('bold', firstKey)}`);
  if (phone === null) return;
  output.line(`For a phone in the same network: ${output.style('bold', phone)}`);
  output.line(renderUnicodeCompact(phone, { border: 2 }));
  if (fingerprint === null) output.line('Without TLS its browser gives no live camera: add "--tls self-signed".');
}

export function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a port from 0 to 65535.');
}
