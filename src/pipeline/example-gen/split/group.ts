import type { Split } from '../../../contracts/artifacts/example.ts';

/** Photos that go into one split together. */
export interface Group {
  id: string;
  /** Digests of its photos, sorted. */
  members: string[];
  /** Label -> photos. */
  labels: Map<string, number>;
  /** Where it falls, [0, 1). */
  place: number;
  /** The splits that its photos, or the group itself, were in before; null = never seen. */
  known: Split[] | null;
}
