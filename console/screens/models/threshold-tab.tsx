import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useLabelName } from '../../app/label-names.ts';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { NumberField } from '../../parts/field.tsx';
import { percentText } from '../../parts/numbers.ts';
import { ActSheet } from '../../parts/sheet.tsx';
import { countText, figureText } from '../runs/amounts.ts';
import {
  answersQuery,
  type Endpoint,
  type EvaluationAnswers,
  endpointsQuery,
  evaluationQuery,
  type ModelEvaluation,
  type Version,
} from './data.ts';
import { NoEvaluation } from './no-evaluation.tsx';
import { PhotoStrip } from './photo-strip.tsx';
import { modelTexts } from './texts.ts';
import { changingSides, cheapest, costOf, errorsAt, type Question, questionOf } from './threshold.ts';
import './threshold-tab.css';

/** Where the model was not trained for others. */
const usualCosts = { falseNegative: 5, falsePositive: 1 };

interface ThresholdTabProps {
  version: Version;
  threshold: number | undefined;
  move: (threshold: number) => void;
}

/** What another threshold would change, on the photos of the test split. */
export function ThresholdTab(props: ThresholdTabProps) {
  const texts = useTexts(modelTexts);
  const reference = `${props.version.name}@${props.version.version}`;
  const evaluation = useQuery(evaluationQuery(reference));
  const answers = useQuery({ ...answersQuery(reference), enabled: evaluation.data != null });
  const error = evaluation.error ?? answers.error;
  if (error) return <Fault error={error} />;
  if (evaluation.data === null) return <NoEvaluation />;
  if (!evaluation.data || !answers.data) return <Waiting />;
  const question = questionOf(answers.data);
  if (!question || !answers.data.question) return <p>{texts.noThreshold}</p>;
  return <Slider {...props} question={question} answers={answers.data} evaluation={evaluation.data} />;
}

interface SliderProps extends ThresholdTabProps {
  question: Question;
  answers: EvaluationAnswers;
  evaluation: ModelEvaluation;
}

function Slider({ version, threshold, move, question, answers, evaluation }: SliderProps) {
  const texts = useTexts(modelTexts);
  const { data: endpoints = [] } = useQuery(endpointsQuery);
  const serving = endpoints.filter(({ deployments }) =>
    deployments.some((each) => each.modelName === version.name && each.role !== 'shadow'),
  );
  const own = answers.threshold;
  const inUse = serving.find(({ settings }) => settings.threshold !== null)?.settings.threshold;
  const before = inUse ?? own;
  const at = threshold ?? before;
  const rule = evaluation.evaluation.operatingPoint?.rule;
  const costs = typeof rule === 'object' && rule !== null && 'cost' in rule ? rule.cost : usualCosts;
  const [miss, setMiss] = useState<number | null>(costs.falseNegative);
  const [alarm, setAlarm] = useState<number | null>(costs.falsePositive);
  const price = { miss: miss ?? 0, alarm: alarm ?? 0 };
  const [now, then] = [errorsAt(question, at), errorsAt(question, before)];
  const best = cheapest(question, price, at);
  const named = useLabelName();
  const [positive, negative] = [named(answers.question!.positive), named(answers.question!.negative)];
  const sides = changingSides(question, before, at);
  const isMoved = Math.abs(at - before) > 1e-9;
  return (
    <div className="threshold">
      <p className="quiet">{texts.thresholdLead}</p>
      <div className="threshold-slider">
        <output className="threshold-value">{figureText(at)}</output>
        <Histogram question={question} at={at} before={before} label={texts.histogram(positive, negative)} />
        <input
          type="range"
          aria-label={texts.threshold}
          min={0}
          max={1}
          step={0.005}
          value={at}
          onChange={({ target }) => move(target.valueAsNumber)}
        />
        <p className="threshold-ends small quiet">
          <span>{negative}</span>
          <span>
            {texts.modelOwn(figureText(own))}
            {serving.map(
              ({ name, settings }) =>
                settings.threshold !== null && ` · ${texts.inUse(name, figureText(settings.threshold))}`,
            )}
          </span>
          <span>{positive}</span>
        </p>
      </div>
      <div className="threshold-said" aria-live="polite">
        <p>{texts.missed(countText(now.missed), countText(then.missed), countText(question.positives), positive)}</p>
        <p>{texts.alarmed(countText(now.alarmed), countText(then.alarmed), countText(question.negatives), negative)}</p>
        <p>{texts.cost(figureText(costOf(now, price)), figureText(costOf(then, price)))}</p>
      </div>
      <div className="threshold-prices">
        <NumberField label={texts.priceMiss} value={miss} min={0} onChange={setMiss} />
        <NumberField label={texts.priceAlarm} value={alarm} min={0} onChange={setAlarm} />
        {Math.abs(best - at) < 1e-9 ? (
          <p className="quiet">{texts.isCheapest}</p>
        ) : (
          <Button onPress={() => move(best)}>{texts.cheapest(figureText(best))}</Button>
        )}
        <Save endpoints={serving} threshold={at} isMoved={isMoved} />
      </div>
      <section className="stack">
        <h2>{sides.length === 0 ? texts.noneChange : texts.sides(countText(sides.length))}</h2>
        {sides.length > 0 && (
          <PhotoStrip
            data={evaluation.examples}
            photos={sides.map((i) => ({
              sha256: answers.photo(i),
              said: `${positive} ${percentText(question.scores[i]!)}`,
              note: `${texts.isLabel(named(answers.labels[answers.truths[i]!]!))}: ${
                question.scores[i]! >= at === question.isPositive[i] ? texts.nowRight : texts.nowWrong
              }`,
            }))}
          />
        )}
      </section>
    </div>
  );
}

function Save(props: { endpoints: readonly Endpoint[]; threshold: number; isMoved: boolean }) {
  const { endpoints, threshold, isMoved } = props;
  const texts = useTexts(modelTexts);
  const may = useMay();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const [saved, setSaved] = useState<string | null>(null);
  if (!may('operate')) return null;
  const endpoint = endpoints.find(({ name }) => name === chosen) ?? endpoints[0];
  return (
    <>
      <Button
        kind="main"
        disabledBecause={!endpoint ? texts.neverServed : isMoved ? null : texts.unchanged}
        onPress={() => {
          setSaved(null);
          setOpen(true);
        }}
      >
        {texts.save}
      </Button>
      {saved !== null && <p role="status">{texts.savedAs(saved)}</p>}
      {endpoint && (
        <ActSheet
          isOpen={isOpen}
          close={() => setOpen(false)}
          title={texts.saveTitle}
          verb={texts.saveVerb}
          act={async (why) => {
            await client.endpoints.set(endpoint.name, { settings: { threshold }, ...(why !== '' && { why }) });
            await queries.invalidateQueries({ queryKey: ['endpoints'] });
            setSaved(endpoint.name);
          }}
        >
          {endpoints.length > 1 && (
            <Choice
              label={texts.endpoint}
              value={endpoint.name}
              options={endpoints.map(({ name, displayName }) => ({ value: name, text: displayName ?? name }))}
              onChange={setChosen}
            />
          )}
          <p>{texts.saveLead(endpoint.name, figureText(threshold))}</p>
        </ActSheet>
      )}
    </>
  );
}

const bins = 40;

/** Photos that show the positive above the axis, the others below it. */
function Histogram(props: { question: Question; at: number; before: number; label: string }) {
  const { question, at, before, label } = props;
  const above = new Uint32Array(bins);
  const below = new Uint32Array(bins);
  for (const [i, score] of question.scores.entries())
    (question.isPositive[i] ? above : below)[Math.min(bins - 1, Math.floor(score * bins))]!++;
  // the root: a few photos in the middle matter more than how many are at the ends
  const most = Math.sqrt(Math.max(1, ...above, ...below));
  const size = (count: number) => (Math.sqrt(count) / most) * 46;
  const width = 100 / bins;
  return (
    <svg className="threshold-plot" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={label}>
      {Array.from(above, (count, bin) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin has its place
          key={`above-${bin}`}
          className="threshold-positive"
          x={bin * width + 0.15}
          y={49 - size(count)}
          width={width - 0.3}
          height={size(count)}
        />
      ))}
      {Array.from(below, (count, bin) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin has its place
          key={`below-${bin}`}
          className="threshold-negative"
          x={bin * width + 0.15}
          y={51}
          width={width - 0.3}
          height={size(count)}
        />
      ))}
      <path className="threshold-axis" d="M0 50 H100" />
      <path className="threshold-before" d={`M${before * 100} 0 V100`} />
      <path className="threshold-at" d={`M${at * 100} 0 V100`} />
    </svg>
  );
}
