import { useQueryClient } from '@tanstack/react-query';
import { type Dispatch, type ReactNode, type SetStateAction, useState } from 'react';
import type { PhotoColumns } from '../../../src/client/index.ts';
import { Fault } from '../../app/faults.tsx';
import { useKeys } from '../../app/keys.ts';
import { useLabelName } from '../../app/label-names.ts';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Undo } from '../../parts/button.tsx';
import { type Decision, decide, digestsOf } from './data.ts';
import { SelectionBar } from './selection-bar.tsx';
import { photosTexts } from './texts.ts';

export const mostSelected = 10_000;

/** Positions in the data set; one selection for the grid and the map. */
export interface Selection {
  selected: ReadonlySet<number>;
  setSelected: Dispatch<SetStateAction<ReadonlySet<number>>>;
}

interface Done {
  text: string;
  undo: () => Promise<void>;
  /** A new act starts a new ten seconds. */
  number: number;
}

/** Labels, keeps and excludes the selected photos, by keys and by the bar that this returns with what came of it. */
export function useActs(props: {
  data: string;
  index: PhotoColumns;
  selection: Selection;
  /** Acted on while nothing is selected. */
  current: number | undefined;
  /** Photos that can be selected here. */
  all: number;
  selectAll: () => void;
  isOn: boolean;
}): ReactNode {
  const { data, index, selection, current, all, selectAll, isOn } = props;
  const { selected, setSelected } = selection;
  const texts = useTexts(photosTexts).selection;
  const mayLabel = useMay()('label');
  const named = useLabelName();
  const queries = useQueryClient();
  const [done, setDone] = useState<Done | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const clear = () => setSelected(new Set());
  const act = async (decision: { kind: 'label'; label: string } | { kind: 'exclude' | 'keep' }) => {
    const positions = selected.size > 0 ? [...selected] : current === undefined ? [] : [current];
    if (positions.length === 0) return;
    setFault(null);
    try {
      const digests = await digestsOf(data, positions);
      const undo = await decide(
        queries,
        data,
        digests.map((sha256): Decision => ({ ...decision, sha256 })),
      );
      const text =
        decision.kind === 'label'
          ? texts.done.label(digests.length, named(decision.label))
          : texts.done[decision.kind](digests.length);
      setDone((before) => ({ text, undo, number: (before?.number ?? 0) + 1 }));
      clear();
    } catch (error) {
      setFault(error);
    }
  };
  const numbered = index.labels
    .slice(0, 9)
    .map((label, i) => [String(i + 1), () => act({ kind: 'label', label })] as const);
  useKeys(
    {
      Escape: () => (selected.size > 0 ? clear() : false),
      ...(mayLabel && {
        e: () => act({ kind: 'exclude' }),
        q: () => act({ kind: 'keep' }),
        z: () => (done ? done.undo().then(() => setDone(null), setFault) : false),
        ...Object.fromEntries(numbered),
      }),
    },
    { isOn },
  );
  return (
    <>
      {fault !== null && <Fault error={fault} />}
      {done && <Undo key={done.number} text={done.text} undo={done.undo} end={() => setDone(null)} />}
      {selected.size > 0 && (
        <SelectionBar
          count={selected.size}
          all={all}
          labels={index.labels}
          mayLabel={mayLabel}
          act={act}
          clear={clear}
          selectAll={selectAll}
        />
      )}
    </>
  );
}
