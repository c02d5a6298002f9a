import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { PhotoColumns } from '../../../src/client/index.ts';
import { useLanguage } from '../../app/choices.ts';
import { useLabelName } from '../../app/label-names.ts';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { LabelPicker } from '../../parts/label-picker.tsx';
import { type countsOf, type Filters, type Mark, marks, type Split, splits } from './data.ts';
import { photosTexts } from './texts.ts';

const route = getRouteApi('/photos');

/** What is shown, in the address. */
export function FilterBar(props: {
  index: PhotoColumns;
  filters: Filters;
  counts: ReturnType<typeof countsOf>;
  shown: number;
}) {
  const { index, filters, counts, shown } = props;
  const texts = useTexts(photosTexts);
  const number = new Intl.NumberFormat(useLanguage());
  const navigate = route.useNavigate();
  const here = route.useSearch();
  const [isPicking, setPicking] = useState(false);
  const change = (changed: Filters) =>
    navigate({ to: '/photos', search: { ...here, ...changed, photo: undefined }, replace: true });
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  const { label, split, mark, group } = filters;
  const named = useLabelName();
  const withMarks = marks.filter((each) => counts.marks[each] > 0 || each === mark);
  return (
    <div className="photos-filters">
      <button type="button" className="choice-trigger" onClick={() => setPicking(true)} aria-haspopup="dialog">
        <span className="visually-hidden">{`${texts.filters.label}: `}</span>
        <bdi>{label === undefined ? texts.filters.anyLabel : named(label)}</bdi>
        <span aria-hidden="true" className="choice-mark" />
      </button>
      <LabelPicker
        title={texts.filters.label}
        labels={index.labels}
        counts={counts.labels}
        isOpen={isPicking}
        close={() => setPicking(false)}
        choose={(label) => change({ label })}
        any={texts.filters.anyLabel}
        chooseAny={() => change({ label: undefined })}
      />
      <Choice<Split | 'any'>
        label={texts.filters.split}
        isLabelHidden
        value={split ?? 'any'}
        options={[
          { value: 'any', text: texts.filters.anySplit },
          ...splits.map((value) => ({ value, text: texts.filters.splits[value] })),
        ]}
        onChange={(value) => change({ split: value === 'any' ? undefined : value })}
      />
      <Choice<Mark | 'any'>
        label={texts.filters.mark}
        isLabelHidden
        value={mark ?? 'any'}
        options={[
          { value: 'any', text: texts.filters.anyMark },
          ...withMarks.map((value) => ({
            value,
            text: `${texts.filters.marks[value]} (${number.format(counts.marks[value])})`,
          })),
        ]}
        onChange={(value) => change({ mark: value === 'any' ? undefined : value })}
      />
      {group !== undefined && <span className="photos-chip">{texts.filters.group(group)}</span>}
      <span className="photos-count quiet" role="status">
        {texts.count(number.format(shown), number.format(index.count))}
      </span>
      {isFiltered && (
        <Button
          kind="quiet"
          onPress={() => change({ label: undefined, split: undefined, mark: undefined, group: undefined })}
        >
          {texts.filters.clear}
        </Button>
      )}
    </div>
  );
}
