import { useLabelName } from '../../app/label-names.ts';
import { useTexts } from '../../app/texts.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { whole } from '../../parts/numbers.ts';
import { uploadTexts } from './texts.ts';

const mostShown = 20;

/** Photos by label, each with a bar. */
export function LabelCounts({
  counts,
}: {
  counts: readonly { label: string | null; photos: number; split?: string | null }[];
}) {
  const texts = useTexts(uploadTexts);
  const named = useLabelName();
  const most = Math.max(1, ...counts.map(({ photos }) => photos));
  return (
    <>
      <DataTable
        label={texts.check}
        rows={counts.slice(0, mostShown)}
        keyOf={({ label, split }) => JSON.stringify([label, split])}
        columns={[
          {
            key: 'label',
            title: texts.label,
            cell: ({ label, split }) => (
              <span>
                {label === null ? <span className="quiet">{texts.noLabel}</span> : <bdi>{named(label)}</bdi>}
                {split && <span className="quiet small upload-split">{split}</span>}
              </span>
            ),
          },
          {
            key: 'bar',
            title: '',
            cell: ({ photos }) => (
              <span className="upload-bar" aria-hidden="true">
                <span style={{ inlineSize: `${(100 * photos) / most}%` }} />
              </span>
            ),
          },
          { key: 'photos', title: texts.count, isNumber: true, cell: ({ photos }) => whole(photos) },
        ]}
      />
      {counts.length > mostShown && <p className="quiet small">{texts.moreLabels(counts.length - mostShown)}</p>}
    </>
  );
}
