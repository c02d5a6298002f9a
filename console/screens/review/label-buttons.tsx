import { useState } from 'react';
import { useLabelName } from '../../app/label-names.ts';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { LabelPicker } from '../../parts/label-picker.tsx';
import { reviewTexts } from './texts.ts';

/** More than these do not fit on a screen: they are found by typing. */
const mostButtons = 12;

export function LabelButtons({
  labels,
  choose,
}: {
  labels: readonly string[];
  choose: (label: string) => Promise<void>;
}) {
  const texts = useTexts(reviewTexts);
  const [isPicking, setPicking] = useState(false);
  const named = useLabelName();
  return (
    <fieldset className="review-labels">
      <legend className="visually-hidden">{texts.labels}</legend>
      {labels.slice(0, labels.length > mostButtons ? 9 : mostButtons).map((label, i) => (
        <Button key={label} hotkey={i < 9 ? String(i + 1) : undefined} onPress={() => choose(label)}>
          <bdi title={label}>{named(label)}</bdi>
        </Button>
      ))}
      {labels.length > mostButtons && <Button onPress={() => setPicking(true)}>{texts.tooMany}</Button>}
      <LabelPicker
        title={texts.question}
        labels={labels}
        isOpen={isPicking}
        close={() => setPicking(false)}
        choose={(label) => void choose(label)}
      />
    </fieldset>
  );
}
