import { useEffect, useState } from 'react';
import { useLanguage } from '../../app/choices.ts';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { stateOf, usePercent, Verdict } from '../../parts/verdict.tsx';
import { exactTime } from '../../parts/when.tsx';
import type { DeviceAnswer } from '../../workers/on-device.ts';
import { FileButton } from './camera.tsx';
import { Nearest } from './nearest.tsx';
import { nameOf } from './offline.tsx';
import { heatOf, labelOf } from './sending.ts';
import { Share } from './share.tsx';
import type { Answer, Capture, Said, Sheet } from './shelf.ts';
import { useSpoken } from './spoken.ts';
import { diagnoseTexts } from './texts.ts';

const mostLabels = 12;

/** One sheet: photos on the left, what the model says about them on the right. Prints on one page. */
export function AnswerSheet(props: {
  sheet: Sheet;
  capture: Capture;
  onAdd: (photo: Blob) => Promise<unknown>;
  onSay: (said: Said) => Promise<unknown>;
}) {
  const { sheet, capture, onAdd, onSay } = props;
  const texts = useTexts(diagnoseTexts);
  const spoken = useSpoken();
  const language = useLanguage();
  const { onDevice } = sheet;
  const answer = sheet.answer ?? onDevice ?? null;
  const first = answer?.predictions.at(-1);
  const { id, outOfDistribution } = sheet.answer?.predictions.at(-1) ?? {};
  const nearest = outOfDistribution?.nearest;
  return (
    <article className="answer">
      <Picture sheet={sheet} canExplain={first !== undefined && !first.refusal && sheet.answer !== null} />
      <div className="stack">
        {first === undefined || answer === null ? (
          <p className="answer-waiting" role="status">
            {navigator.onLine ? texts.asking : texts.waiting}
          </p>
        ) : (
          <>
            <Finding answer={answer} capture={capture} />
            <WhereAnswered sheet={sheet} />
            <Hints hints={first.quality} />
            {first.warning && <p className="answer-note">{first.warning.advice}</p>}
            {!first.refusal && (
              <Feedback sheet={sheet} capture={capture} isSure={first.label !== 'uncertain'} onSay={onSay} />
            )}
          </>
        )}
        <div className="row answer-acts">
          <FileButton label={texts.another} onPhoto={onAdd} />
          {first && <Button onPress={() => print()}>{texts.print}</Button>}
        </div>
        {nearest && nearest.length > 0 && <Nearest ids={nearest} />}
        {first && <Share sheet={sheet} mayShare={capture.mayShare === true} />}
        {first && (
          <section className="answer-small quiet small">
            <h2>{texts.caveatTitle}</h2>
            <p>{texts.caveat}</p>
            <p>
              {texts.knows(
                capture.labels
                  .slice(0, mostLabels)
                  .map(spoken)
                  .join(language === 'ja' ? '、' : ', '),
                Math.max(0, capture.labels.length - mostLabels),
              )}
            </p>
            <p>
              {texts.made(nameOf(first), exactTime(new Date(sheet.at), language))} {id && <code>{id}</code>}
            </p>
          </section>
        )}
      </div>
    </article>
  );
}

/** The photos, and over the last one its heat map. */
function Picture({ sheet, canExplain }: { sheet: Sheet; canExplain: boolean }) {
  const texts = useTexts(diagnoseTexts);
  const [heat, setHeat] = useState<string | null>(null);
  const [strength, setStrength] = useState(80);
  const urls = usePhotoUrls(sheet.photos);
  const last = urls.at(-1);
  const explain = async () => setHeat(URL.createObjectURL(await heatOf(sheet)));
  return (
    <div className="answer-picture">
      <div className="answer-photo">
        {last && <img src={last} alt={texts.photo} />}
        {heat && <img className="answer-heat" src={heat} alt={texts.heat} style={{ opacity: strength / 100 }} />}
      </div>
      {urls.length > 1 && (
        <div className="answer-others">
          {urls.slice(0, -1).map((url) => (
            <img key={url} src={url} alt={texts.photo} />
          ))}
        </div>
      )}
      {heat ? (
        <label className="answer-strength">
          <span>{texts.strength}</span>
          <input
            type="range"
            min={0}
            max={100}
            value={strength}
            onChange={({ target }) => setStrength(target.valueAsNumber)}
          />
        </label>
      ) : (
        canExplain && (
          <p className="answer-explain">
            <Button onPress={explain}>{texts.explain}</Button>
          </p>
        )
      )}
    </div>
  );
}

export function usePhotoUrls(photos: readonly Blob[]): readonly string[] {
  const [urls, setUrls] = useState<readonly string[]>([]);
  useEffect(() => {
    const made = photos.map((photo) => URL.createObjectURL(photo));
    setUrls(made);
    return () => {
      for (const url of made) URL.revokeObjectURL(url);
    };
  }, [photos]);
  return urls;
}

/** The answer of all photos, or why there is none. */
function Finding({ answer, capture }: { answer: Answer | DeviceAnswer; capture: Capture }) {
  const texts = useTexts(diagnoseTexts);
  const spoken = useSpoken();
  const percent = usePercent();
  const last = answer.predictions.at(-1)!;
  if (answer.predictions.every(({ refusal }) => refusal)) {
    return (
      <div className="stack">
        <h1 className="answer-refusal">{texts.refused}</h1>
        <p>{last.refusal?.advice}</p>
        <p className="quiet">{texts.refusedRemedy}</p>
      </div>
    );
  }
  const found = answer.combined ?? answer.predictions.findLast(({ refusal }) => !refusal) ?? last;
  const isUnsure = found.label === 'uncertain';
  const { positive, band } = capture;
  const of = spoken(positive ?? found.leaning ?? found.label);
  return (
    <div className="stack">
      <Verdict
        isLarge
        state={stateOf({ label: found.label, uncertain: isUnsure }, positive)}
        word={isUnsure ? texts.uncertain : spoken(found.label)}
        of={of}
        share={found.positiveProbability ?? found.probability}
        band={band}
        threshold={found.threshold}
      />
      {isUnsure && found.leaning && <p>{texts.leaning(spoken(found.leaning))}</p>}
      {!isUnsure && band === null && positive !== null && found.threshold !== undefined && (
        <p className="quiet small">{texts.from(spoken(positive), percent(found.threshold, 0))}</p>
      )}
      {answer.combined && <p className="quiet">{texts.ofPhotos(answer.combined.photos)}</p>}
    </div>
  );
}

/** An answer of this device is marked as one, and so is an answer of the server that differs from it. */
function WhereAnswered({ sheet: { answer, onDevice } }: { sheet: Sheet }) {
  const texts = useTexts(diagnoseTexts);
  const spoken = useSpoken();
  const before = onDevice && labelOf(onDevice);
  if (before === undefined || (answer !== null && labelOf(answer) === before)) return null;
  return (
    <p className="answer-note" role="status">
      {answer === null ? texts.answeredHere : texts.differs(spoken(before))}
    </p>
  );
}

function Hints({ hints }: { hints: readonly ('too-dark' | 'too-bright' | 'blurred' | 'too-small')[] }) {
  const texts = useTexts(diagnoseTexts);
  if (hints.length === 0) return null;
  return (
    <ul className="answer-note">
      {hints.map((hint) => (
        <li key={hint}>{texts.hints[hint]}</li>
      ))}
    </ul>
  );
}

function Feedback(props: { sheet: Sheet; capture: Capture; isSure: boolean; onSay: (said: Said) => Promise<unknown> }) {
  const { sheet, capture, isSure, onSay } = props;
  const texts = useTexts(diagnoseTexts);
  const spoken = useSpoken();
  const [isOther, setOther] = useState(!isSure);
  const [label, setLabel] = useState('');
  if (sheet.said !== null) {
    return (
      <p className="answer-thanks" role="status">
        {sheet.isSaidSent ? texts.thanks : texts.thanksLater}
      </p>
    );
  }
  return (
    <fieldset className="answer-feedback">
      <legend>{isSure ? texts.question : texts.shows}</legend>
      {isSure && (
        <div className="row">
          <Button onPress={() => onSay({ verdict: 'right' })}>{texts.right}</Button>
          <Button onPress={() => onSay({ verdict: 'wrong' })}>{texts.wrong}</Button>
          <Button onPress={() => setOther(true)} pressed={isOther}>
            {texts.other}
          </Button>
        </div>
      )}
      {isOther && (
        <div className="row">
          <select
            className="field-input"
            aria-label={texts.shows}
            value={label}
            onChange={({ target }) => setLabel(target.value)}
          >
            <option value="">{texts.pick}</option>
            {capture.labels.map((each) => (
              <option key={each} value={each}>
                {spoken(each)}
              </option>
            ))}
          </select>
          <Button disabledBecause={label === '' ? texts.pick : null} onPress={() => onSay({ label })}>
            {texts.send}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
