import { useState } from 'react';
import { useLanguage } from '../app/choices.ts';
import { useLabelName } from '../app/label-names.ts';
import { dictionary, useTexts } from '../app/texts.ts';
import { TextField } from './field.tsx';
import { Sheet } from './sheet.tsx';
import './label-picker.css';

const pickerTexts = dictionary(
  {
    search: 'Find a label',
    noLabel: 'No label has that in its name.',
    more: (count: number) => `${count} more: keep typing`,
  },
  {
    search: 'ラベルを探す',
    noLabel: '一致するラベルはありません。',
    more: (count: number) => `ほか ${count} 件。続けて入力してください`,
  },
);

const mostShown = 100;

/** One label of any number: found by typing. The first nine have the keys 1-9. */
export function LabelPicker(props: {
  title: string;
  labels: readonly string[];
  counts?: ArrayLike<number> | undefined;
  isOpen: boolean;
  close: () => void;
  choose: (label: string) => void;
  any?: string | undefined;
  chooseAny?: (() => void) | undefined;
}) {
  const { title, labels, counts, isOpen, close, choose, any, chooseAny } = props;
  const texts = useTexts(pickerTexts);
  const named = useLabelName();
  const number = new Intl.NumberFormat(useLanguage());
  const [typed, setTyped] = useState('');
  const wanted = typed.normalize('NFC').toLocaleLowerCase();
  const found = labels
    .map((label, i) => ({ label, i }))
    .filter(({ label }) => [label, named(label)].some((text) => text.toLocaleLowerCase().includes(wanted)));
  const take = (act: () => void) => () => {
    setTyped('');
    close();
    act();
  };
  return (
    <Sheet isOpen={isOpen} close={close} title={title}>
      <div className="stack">
        {labels.length > 12 && (
          <TextField
            label={texts.search}
            type="search"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            onKeyDown={({ key }) => key === 'Enter' && found[0] && take(() => choose(found[0]!.label))()}
          />
        )}
        <ul className="label-picker">
          {any !== undefined && chooseAny && (
            <li>
              <button type="button" onClick={take(chooseAny)}>
                <span>{any}</span>
              </button>
            </li>
          )}
          {found.slice(0, mostShown).map(({ label, i }) => (
            <li key={label}>
              <button type="button" onClick={take(() => choose(label))}>
                <span>
                  <bdi>{named(label)}</bdi>
                  {named(label) !== label && <bdi className="label-picker-label quiet small">{label}</bdi>}
                </span>
                {counts && <span className="quiet">{number.format(counts[i] ?? 0)}</span>}
              </button>
            </li>
          ))}
        </ul>
        {found.length === 0 && <p className="quiet">{texts.noLabel}</p>}
        {found.length > mostShown && <p className="quiet small">{texts.more(found.length - mostShown)}</p>}
      </div>
    </Sheet>
  );
}
