import { fetchPinned } from '../../../network/fetch-pinned.ts';
import { readServerFile, type ServerAddress } from '../../../store/workspace/server-file.ts';
import type { Found } from './finding.ts';

const responseMs = 5_000;

/** What `/readyz` of the workspace's server responds. @param deployed versions that get traffic; null = unknown, the database does not open */
export async function serverFinding(workspace: string, deployed: number | null): Promise<Found> {
  const server = readServerFile(workspace);
  if (server === null) return notRunning(deployed);
  const probe = await probeReadiness(server);
  if (probe === 200) return `${server.url} is ready`;
  if (probe === 503)
    return {
      level: 'warn',
      said: `${server.url} runs, but is not ready (503).`,
      remedy: 'It loads models or is stopping. If this lasts longer than a minute, read its log.',
    };
  return {
    level: 'fail',
    said: `${server.url} runs, but /readyz ${typeof probe === 'number' ? `responded with ${probe}` : `did not respond: ${probe}`}.`,
    remedy: 'Read its log, and restart it.',
  };
}

function notRunning(deployed: number | null): Found {
  if (!deployed) return 'not running on this machine';
  return {
    level: 'warn',
    said: `no server of this workspace runs on this machine, and ${deployed === 1 ? '1 version is' : `${deployed} versions are`} deployed.`,
    remedy: 'Start one with "mitate up", or "mitate serve" next to a worker.',
  };
}

/** Status of `/readyz`, or why there is none. */
async function probeReadiness({ url, certificate }: ServerAddress): Promise<number | string> {
  try {
    const ask = certificate === undefined ? fetch : fetchPinned(certificate);
    const response = await ask(`${url}/readyz`, { signal: AbortSignal.timeout(responseMs) });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (name === 'TimeoutError') return `nothing within ${responseMs / 1000} s`;
    return cause instanceof Error && cause.message !== '' ? cause.message : message;
  }
}
