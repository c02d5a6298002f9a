import type { Config } from '../../../config/index.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import { channelFinding } from './channels.ts';
import { type Finding, look } from './finding.ts';
import { journalFinding } from './journal.ts';
import { secretFinding } from './secrets.ts';
import { serverFinding } from './server.ts';
import { triggerFinding } from './triggers.ts';
import { workerFinding } from './worker.ts';

/** Checks what runs on a workspace: server, worker, journal, secrets, and the channels and triggers of every project. */
export async function examineOperation(config: Config, store: OpenStore): Promise<Finding[]> {
  const now = new Date();
  const projects = (await store.access.listProjects()).map(({ name }) => store.forProject(name));
  const findings = [
    await look('server', async () => serverFinding(store.workspace.dir, await deployedVersions(projects))),
    await look('worker', () => workerFinding(store, now)),
    await look('journal', () => journalFinding(store, now)),
    await look('secrets', () => secretFinding(store)),
  ];
  for (const scoped of projects) {
    const named = (name: string) => (scoped.project === config.project ? name : `${name} (${scoped.project})`);
    for (const channel of await scoped.alerts.listChannels())
      findings.push(
        await look(`channel ${named(channel.name)}`, () => channelFinding(scoped, channel, config.channels)),
      );
    for (const trigger of await scoped.triggers.listTriggers())
      findings.push(await look(`trigger ${named(trigger.name)}`, () => triggerFinding(config, scoped, trigger, now)));
  }
  return findings;
}

async function deployedVersions(projects: readonly OpenStore[]): Promise<number> {
  let count = 0;
  for (const { endpoints } of projects)
    for (const { deployments } of await endpoints.listEndpoints()) count += deployments.length;
  return count;
}
