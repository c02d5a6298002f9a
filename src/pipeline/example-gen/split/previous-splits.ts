import type { Example, ExamplesSummary, Split } from '../../../contracts/artifacts/example.ts';

/** Splits of photos and groups in the previous span. */
export interface PreviousSplits {
  /** Photo's sha256 -> its example. */
  examples: Map<string, Example>;
  /** Group id -> split; empty when groups were made in another way. */
  groups: Map<string, Split>;
}

export function previousSplits(
  previous: { summary: ExamplesSummary; examples: Example[] } | null,
  groupedLike: Pick<ExamplesSummary, 'groupBy' | 'groupAttribute'>,
): PreviousSplits {
  const { summary, examples = [] } = previous ?? {};
  const alike = summary?.groupBy === groupedLike.groupBy && summary.groupAttribute === groupedLike.groupAttribute;
  return {
    examples: new Map(examples.map((example) => [example.sha256, example])),
    groups: new Map(alike ? examples.map((example) => [example.group, example.split]) : []),
  };
}
