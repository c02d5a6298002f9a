import type { LabelName } from '../../contracts/loop/label-name.ts';

/** Audited changes: only available inside `store.audited`. */
export interface LabelChanges {
  /** One without a name in any language is removed. */
  name(names: readonly LabelName[]): Promise<void>;
}

/** Display names of labels of the project. */
export interface LabelStore extends LabelChanges {
  /** All, or those of some labels; by label. */
  names(of?: readonly string[]): Promise<LabelName[]>;
}
