import { useState } from 'react';
import { useLanguage } from '../../app/choices.ts';
import { useLabelName } from '../../app/label-names.ts';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { LabelPicker } from '../../parts/label-picker.tsx';
import { photosTexts } from './texts.ts';

/** What can be done with the selected photos. */
export function SelectionBar(props: {
  count: number;
  all: number;
  labels: readonly string[];
  mayLabel: boolean;
  act: (decision: { kind: 'label'; label: string } | { kind: 'exclude' | 'keep' }) => Promise<void>;
  clear: () => void;
  selectAll: () => void;
}) {
  const { count, all, labels, mayLabel, act, clear, selectAll } = props;
  const texts = useTexts(photosTexts);
  const number = new Intl.NumberFormat(useLanguage());
  const [isPicking, setPicking] = useState(false);
  const few = labels.length <= 6;
  const named = useLabelName();
  return (
    <section className="selection-bar" aria-label={texts.selection.title}>
      <div className="selection-what">
        <strong role="status">{texts.selection.count(count)}</strong>
        {count < all && all <= 10_000 && (
          <Button kind="quiet" onPress={selectAll}>
            {texts.selection.all(number.format(all))}
          </Button>
        )}
        <Button kind="quiet" onPress={clear}>
          {texts.selection.clear}
        </Button>
        <p className="selection-hint quiet small">{count >= 10_000 ? texts.selection.tooMany : texts.selection.hint}</p>
      </div>
      {mayLabel && (
        <div className="selection-acts">
          {few &&
            labels.map((label, i) => (
              <Button key={label} hotkey={String(i + 1)} onPress={() => act({ kind: 'label', label })}>
                <bdi title={label}>{named(label)}</bdi>
              </Button>
            ))}
          {!few && (
            <Button kind="main" onPress={() => setPicking(true)}>
              {texts.selection.label}
            </Button>
          )}
          <span className="selection-gap" />
          <Button hotkey="Q" onPress={() => act({ kind: 'keep' })}>
            {texts.selection.keep}
          </Button>
          <Button hotkey="E" onPress={() => act({ kind: 'exclude' })}>
            {texts.selection.exclude}
          </Button>
        </div>
      )}
      <LabelPicker
        title={texts.chooseLabel}
        labels={labels}
        isOpen={isPicking}
        close={() => setPicking(false)}
        choose={(label) => void act({ kind: 'label', label })}
      />
    </section>
  );
}
