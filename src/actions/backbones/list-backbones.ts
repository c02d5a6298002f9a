import { bestHere, isHere, readBundled } from '../../backbones/bundled.ts';
import { backboneNames, backboneTable } from '../../backbones/table.ts';

export interface ListedBackbone {
  name: string;
  about: string;
  isHere: boolean;
  /** Whether `backbone: 'default'` is this one now. */
  isDefault: boolean;
  /** Pixels. */
  width: number;
  height: number;
  /** Null when it is not here, as below. */
  embeddingSize: number | null;
  bytes: number | null;
  digest: string | null;
}

/** All backbones that go by name. @throws BACKBONE_DIGEST_MISMATCH for a damaged file */
export async function listBackbones(): Promise<ListedBackbone[]> {
  const best = bestHere();
  return await Promise.all(
    backboneNames.map(async (name) => {
      const { about, preprocess } = backboneTable[name];
      const backbone = isHere(name) ? await readBundled(name) : null;
      return {
        name,
        about,
        isHere: backbone !== null,
        isDefault: name === best,
        width: preprocess.width,
        height: preprocess.height,
        embeddingSize: backbone?.embeddingSize ?? null,
        bytes: backbone?.bytes.length ?? null,
        digest: backbone?.digest ?? null,
      };
    }),
  );
}
