import type { Topic } from '../../contracts/api/events.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Per topic, a text that differs once something of it has changed in the project. */
export async function changesOf({ reports }: Pick<OpenStore, 'reports'>): Promise<Record<Topic, string>> {
  return await reports.watermarks();
}
