import { useQuery } from '@tanstack/react-query';
import { Fault } from '../../app/faults.tsx';
import { useLabelName } from '../../app/label-names.ts';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { ChartFrame } from '../../parts/chart/chart-frame.tsx';
import { percentText } from '../../parts/numbers.ts';
import { countText } from '../runs/amounts.ts';
import { answersQuery, type Evaluation } from './data.ts';
import { PhotoStrip } from './photo-strip.tsx';
import { modelTexts } from './texts.ts';
import './confusion.css';

/** More labels are shown as a list of what is confused. */
const mostLabels = 12;
const mostPairs = 30;

interface ConfusionProps {
  reference: string;
  /** Id of the data set. */
  data: string;
  evaluation: Pick<Evaluation, 'labels' | 'confusion'>;
  cell: string | undefined;
  choose: (cell: string | undefined) => void;
}

/** What is answered as what; a cell opens its photos. */
export function Confusion({ reference, data, evaluation: { labels, confusion }, cell, choose }: ConfusionProps) {
  const texts = useTexts(modelTexts);
  const named = useLabelName();
  const rows = labels.flatMap((truth, i) =>
    labels.map((answer, k) => [`${named(truth)} → ${named(answer)}`, confusion[i]?.[k] ?? 0]),
  );
  const isMatrix = labels.length <= mostLabels;
  const toggle = (next: string) => choose(next === cell ? undefined : next);
  const [truth, answer] = cell?.split(',').map(Number) ?? [];
  return (
    <section className="confusion">
      <ChartFrame
        title={texts.confusion}
        summary={isMatrix ? texts.confusionNote : texts.pairsNote}
        table={{ columns: [texts.confusion, texts.photos('')], rows }}
      >
        {() =>
          isMatrix ? (
            <Matrix labels={labels} confusion={confusion} cell={cell} toggle={toggle} />
          ) : (
            <Pairs labels={labels} confusion={confusion} cell={cell} toggle={toggle} />
          )
        }
      </ChartFrame>
      {truth !== undefined && answer !== undefined && labels[truth] !== undefined && labels[answer] !== undefined && (
        <CellPhotos {...{ reference, data, truth, answer, labels }} />
      )}
    </section>
  );
}

interface Cells {
  labels: readonly string[];
  confusion: readonly (readonly number[])[];
  cell: string | undefined;
  toggle: (cell: string) => void;
}

function Matrix({ labels, confusion, cell, toggle }: Cells) {
  const texts = useTexts(modelTexts);
  const named = useLabelName();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by the arrow keys
    <section className="confusion-scroll" tabIndex={0} aria-label={texts.confusion}>
      <table className="confusion-table">
        <thead>
          <tr>
            <th scope="col" className="quiet small">
              {texts.truth}
            </th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {named(label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((truth, i) => {
            const all = confusion[i]?.reduce((sum, count) => sum + count, 0) ?? 0;
            return (
              <tr key={truth}>
                <th scope="row">{named(truth)}</th>
                {labels.map((answer, k) => {
                  const count = confusion[i]?.[k] ?? 0;
                  const share = all === 0 ? 0 : count / all;
                  return (
                    <td key={answer}>
                      <button
                        type="button"
                        className={i === k ? 'confusion-cell is-right' : 'confusion-cell'}
                        aria-pressed={cell === `${i},${k}`}
                        aria-label={texts.cell(named(truth), named(answer), count)}
                        onClick={() => toggle(`${i},${k}`)}
                      >
                        <span className="confusion-fill" style={{ opacity: share * 0.28 }} />
                        <span className={count === 0 ? 'quiet' : undefined}>{countText(count)}</span>
                      </button>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Pairs({ labels, confusion, cell, toggle }: Cells) {
  const texts = useTexts(modelTexts);
  const named = useLabelName();
  const pairs = labels.flatMap((truth, i) =>
    labels.map((answer, k) => ({ truth, answer, count: i === k ? 0 : (confusion[i]?.[k] ?? 0), cell: `${i},${k}` })),
  );
  const most = pairs
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostPairs);
  if (most.length === 0) return <p className="quiet">{texts.noPhotos}</p>;
  return (
    <ul>
      {most.map((pair) => (
        <li key={pair.cell}>
          <button
            type="button"
            className="confusion-pair"
            aria-pressed={cell === pair.cell}
            onClick={() => toggle(pair.cell)}
          >
            <strong>{countText(pair.count)}</strong>
            <span>{texts.pair(named(pair.truth), named(pair.answer))}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface CellPhotosProps {
  reference: string;
  data: string;
  truth: number;
  answer: number;
  labels: readonly string[];
}

function CellPhotos({ reference, data, truth, answer, labels }: CellPhotosProps) {
  const texts = useTexts(modelTexts);
  const named = useLabelName();
  const { data: answers, error, refetch } = useQuery(answersQuery(reference));
  if (error) return <Fault error={error} retry={refetch} />;
  if (!answers) return <Waiting />;
  const [at, said] = [answers.labels.indexOf(labels[truth]!), answers.labels.indexOf(labels[answer]!)];
  const rows = [...answers.truths.keys()].filter((i) => answers.truths[i] === at && answers.answers[i] === said);
  rows.sort((a, b) => answers.scores[b]! - answers.scores[a]!);
  return (
    <div className="stack">
      <h3>
        {texts.pair(named(labels[truth]!), named(labels[answer]!))}{' '}
        <span className="quiet">{texts.photos(countText(rows.length))}</span>
      </h3>
      <PhotoStrip
        data={data}
        photos={rows.map((i) => ({
          sha256: answers.photo(i),
          said: texts.answered(named(answers.question?.positive ?? labels[answer]!), percentText(answers.scores[i]!)),
        }))}
      />
    </div>
  );
}
