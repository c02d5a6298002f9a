import type { Hit } from '../../contracts/api/overview.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Things of the project whose name has the text in it; predictions, runs and subjects by their id. */
export async function search({ reports }: Pick<OpenStore, 'reports'>, text: string): Promise<Hit[]> {
  return await reports.search(text);
}
