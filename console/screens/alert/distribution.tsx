import { useLabelName } from '../../app/label-names.ts';
import { useTexts } from '../../app/texts.ts';
import { Histogram } from '../../parts/chart/histogram.tsx';
import { figure, percentText } from '../../parts/numbers.ts';
import type { WhyAnswer } from './data.ts';
import { alertTexts } from './texts.ts';

type Shown = NonNullable<WhyAnswer['histogram']>;

/** What the monitor measured, in its reference and in the window. */
export function Distribution({ histogram }: { histogram: Shown }) {
  const texts = useTexts(alertTexts);
  const named = useLabelName();
  const { of, bins, reference, window, referencePhotos, windowPhotos } = histogram;
  const title = texts.histogram(of in texts.of ? texts.of[of as keyof typeof texts.of] : of);
  const summary = texts.photosOf(windowPhotos, referencePhotos);
  if (bins[0]?.label === null)
    return (
      <Histogram
        title={title}
        summary={summary}
        edges={[...bins.map(({ low }) => low ?? 0), bins.at(-1)?.high ?? 1]}
        series={[
          { name: texts.reference, shares: reference },
          { name: texts.window, shares: window },
        ]}
        format={figure}
      />
    );
  return (
    <figure className="shares">
      <figcaption>
        <h3>{title}</h3>
        <p className="quiet">{summary}</p>
      </figcaption>
      <table>
        <thead className="small">
          <tr>
            <td />
            <th scope="col">{texts.reference}</th>
            <th scope="col">{texts.window}</th>
          </tr>
        </thead>
        <tbody>
          {bins.map(({ label }, i) => (
            <tr key={label}>
              <th scope="row">{label !== null && named(label)}</th>
              {[reference[i] ?? 0, window[i] ?? 0].map((share, which) => (
                <td key={which === 0 ? 'reference' : 'window'}>
                  <span className={which === 0 ? 'shares-bar' : 'shares-bar shares-now'}>
                    <span style={{ inlineSize: `${100 * share}%` }} />
                  </span>
                  {percentText(share)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
