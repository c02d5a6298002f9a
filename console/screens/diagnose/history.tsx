import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { PhotoTile } from '../../parts/photo-tile.tsx';
import { stateOf, VerdictMark } from '../../parts/verdict.tsx';
import { When } from '../../parts/when.tsx';
import { usePhotoUrls } from './answer.tsx';
import type { Capture, Sheet } from './shelf.ts';
import { useSpoken } from './spoken.ts';
import { diagnoseTexts } from './texts.ts';

/** What was asked on this device. */
export function History(props: {
  sheets: readonly Sheet[];
  capture: Capture;
  open: (id: string) => void;
  drop: (id: string) => Promise<void>;
}) {
  const { sheets, capture, open, drop } = props;
  const texts = useTexts(diagnoseTexts);
  return (
    <section className="stack">
      <h2>{texts.history}</h2>
      <p className="quiet">{texts.onDevice}</p>
      <ul className="history">
        {sheets.map((sheet) => (
          <Entry
            key={sheet.id}
            sheet={sheet}
            capture={capture}
            open={() => open(sheet.id)}
            drop={() => drop(sheet.id)}
          />
        ))}
      </ul>
    </section>
  );
}

function Entry({
  sheet,
  capture,
  open,
  drop,
}: {
  sheet: Sheet;
  capture: Capture;
  open: () => void;
  drop: () => Promise<void>;
}) {
  const texts = useTexts(diagnoseTexts);
  const spoken = useSpoken();
  const [url] = usePhotoUrls(sheet.photos);
  const answer = sheet.answer ?? sheet.onDevice;
  const found = answer?.combined ?? answer?.predictions.at(-1);
  const isUnsure = found?.label === 'uncertain';
  return (
    <li className="stack">
      <PhotoTile src={url ?? null} alt={texts.photo} onOpen={open} />
      {found ? (
        <VerdictMark state={stateOf({ label: found.label, uncertain: isUnsure }, capture.positive)}>
          {isUnsure ? texts.uncertain : spoken(found.label)}
        </VerdictMark>
      ) : null}
      {sheet.answer === null && <span>{texts.notSent}</span>}
      <span className="history-row quiet small">
        <When at={new Date(sheet.at)} />
        <Button kind="quiet" onPress={drop}>
          {texts.remove}
        </Button>
      </span>
    </li>
  );
}
