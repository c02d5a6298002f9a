import type { SentError } from '../inference/messages.ts';
import { packError } from '../inference/sent-error.ts';
import { photoGrid } from '../vision/photo-grid.ts';

export type GridOrder = (Uint8Array | null)[][];
export type GridReply = { png: Uint8Array } | { error: SentError };

/** The process of one grid. */
process.once('message', (rows: GridOrder) => {
  photoGrid(rows)
    .then(
      (png): GridReply => ({ png }),
      (error): GridReply => ({ error: packError(error) }),
    )
    .then((reply) => process.send!(reply, () => process.disconnect()));
});
