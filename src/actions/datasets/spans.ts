import type { FlywheelSpan } from '../../contracts/loop/flywheel.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Newest first. */
export async function listSpans(
  { flywheel }: Pick<OpenStore, 'flywheel'>,
  filter: Parameters<OpenStore['flywheel']['listSpans']>[0],
): Promise<FlywheelSpan[]> {
  return await flywheel.listSpans(filter);
}
