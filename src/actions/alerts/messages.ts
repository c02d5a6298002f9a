import { v7 } from 'uuid';
import type { Alert, AlertMessage, AlertNews, StoredChannel } from '../../contracts/loop/alert.ts';
import { severityOf } from '../../contracts/severity.ts';
import { bodyFor } from '../../feedback/channels/body.ts';
import { matchesAlert } from '../../feedback/channels/matches-alert.ts';
import type { NewDelivery } from '../../store/alerts/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';

type AlertFacts = Omit<AlertMessage['alert'], 'kind' | 'severity'> & Pick<Alert, 'kind'>;

/** A message for each channel that the alert matches, in the channel's format. Later news goes only to channels that got a message of the alert before. */
export async function messagesFor(
  store: Pick<OpenStore, 'alerts' | 'listDeployments' | 'project'>,
  news: Exclude<AlertNews, 'test'>,
  facts: AlertFacts,
  at: Date,
): Promise<NewDelivery[]> {
  const alert = { ...facts, severity: severityOf(facts.kind) };
  const channels = await subscribers(store, news, alert);
  if (channels.length === 0) return [];
  const deployments = await store.listDeployments(alert.endpoint);
  const deployedModelId = deployments.find(({ role }) => role === 'stable')?.id ?? null;
  const message: AlertMessage = { news, project: store.project, at, alert, deployedModelId };
  return channels.map(({ name, definition }) => {
    const id = v7();
    return { id, channel: name, news, body: bodyFor(definition, message, id) };
  });
}

async function subscribers(
  store: Pick<OpenStore, 'alerts'>,
  news: AlertNews,
  alert: AlertMessage['alert'],
): Promise<StoredChannel[]> {
  const channels = await store.alerts.listChannels();
  if (news === 'opened') return channels.filter(({ definition }) => matchesAlert(definition, alert));
  const before = await store.alerts.listDeliveries({ alert: alert.id, limit: 1_000 });
  return channels.filter(({ name }) => before.some(({ channel }) => channel === name));
}
