import { MitateError } from '../../errors/index.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { drawGrid } from '../photo-grid/draw-grid.ts';
import { kindOf, promotionDisagreements } from './disagreements.ts';

const columns = 8;
const maxRows = 12;

/**
 * The photos on which the two models disagree, as a PNG; each pair of answers starts a new row. Drawn for each request, so that erased photos are
 * not in it.
 * @throws PROMOTION_UNKNOWN, PROMOTION_NOTHING_TO_SHOW
 */
export async function promotionGrid(
  store: Pick<OpenStore, 'workspace' | 'requests' | 'promotions' | 'project'>,
  id: string,
): Promise<Uint8Array> {
  const images = localImages(store.workspace.images);
  const rows: { kind: string; photos: Uint8Array[] }[] = [];
  for (const each of await promotionDisagreements(store, id)) {
    const photo = each.imageSha256 === null ? null : await images.get(store.project, each.imageSha256);
    if (photo === null) continue;
    const row = rows.at(-1);
    if (row?.kind === kindOf(each) && row.photos.length < columns) row.photos.push(photo);
    else if (rows.length === maxRows) break;
    else rows.push({ kind: kindOf(each), photos: [photo] });
  }
  if (rows.length === 0) throw new MitateError('PROMOTION_NOTHING_TO_SHOW', { id });
  return await drawGrid({ rows: rows.map(({ photos }) => photos), examples: [], gapAfterFirst: false });
}
