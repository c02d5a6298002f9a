import { useLabelName } from '../../app/label-names.ts';
import { useTexts } from '../../app/texts.ts';
import { whole } from '../../parts/numbers.ts';
import { shapes } from './map-draw.ts';
import { type MapLabel, mostOwn } from './map-points.ts';
import { photosTexts } from './texts.ts';

/** Labels with their marks; a press leaves only that label in colour. */
export function MapLegend(props: {
  labels: readonly MapLabel[];
  chosen: string | undefined;
  choose: (label: string | undefined) => void;
}) {
  const { labels, chosen, choose } = props;
  const texts = useTexts(photosTexts).map;
  const named = useLabelName();
  const chosenOther = labels.slice(mostOwn).find(({ label }) => label === chosen);
  const shown = [...labels.slice(0, mostOwn), ...(chosenOther ? [chosenOther] : [])];
  const others = labels.length - shown.length;
  return (
    <ul className="map-legend" aria-label={texts.legend}>
      {shown.map(({ label, photos }, i) => (
        <li key={label}>
          <button
            type="button"
            className="map-key"
            aria-pressed={chosen === label}
            onClick={() => choose(chosen === label ? undefined : label)}
          >
            <svg className={`map-mark map-mark-${Math.min(i, mostOwn)}`} viewBox="-6 -6 12 12" aria-hidden="true">
              <path d={shapes[Math.min(i, mostOwn)]} />
            </svg>
            <bdi>{named(label)}</bdi>
            <span className="quiet">{whole(photos)}</span>
          </button>
        </li>
      ))}
      {others > 0 && <li className="quiet small map-others">{texts.otherLabels(others)}</li>}
    </ul>
  );
}
