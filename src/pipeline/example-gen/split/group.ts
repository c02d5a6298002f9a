import type { Split } from '../../../contracts/artifacts/example.ts';

/** Photos that stay in one split. */
export interface Group {
  id: string;
  /** Digests of its photos, sorted. */
  members: string[];
  /** Label -> photos. */
  labels: Map<string, number>;
  /** Hash of the group, [0, 1). */
  place: number;
  /** Splits that the source gives its photos. */
  given: Split[];
  /** The previous splits of its photos or of the group itself; null = new. */
  known: Split[] | null;
}
