import { useTexts } from '../../app/texts.ts';
import { bytesText, figureText, secondsOf, timeText } from './amounts.ts';
import type { Level, RunStep } from './data.ts';
import { LogView } from './log-view.tsx';
import { StoredFault } from './run.tsx';
import { StateMark } from './state-mark.tsx';
import { runTexts } from './texts.ts';

interface StepDetailsProps {
  run: string;
  step: RunStep;
  outputs: readonly { key: string; artifact: { id: string; type: string; properties: Record<string, unknown> } }[];
  level: Level;
  setLevel: (level: Level) => void;
}

/** Why it ran, what it cost, what it made, what it said. */
export function StepDetails({ run, step, outputs, level, setLevel }: StepDetailsProps) {
  const texts = useTexts(runTexts);
  const { explanation, usage, error, summary } = step;
  const seconds = secondsOf(step);
  const speed = usage?.photos && seconds ? usage.photos / seconds : null;
  const facts = [
    seconds !== null && step.state !== 'cached' && step.state !== 'skipped' && `${texts.wall} ${timeText(seconds)}`,
    usage && `${texts.cpu} ${timeText(usage.cpuSeconds)}`,
    usage && `${texts.memory} ${bytesText(usage.peakMemoryBytes)}`,
    speed !== null && texts.photosPerSecond(figureText(speed)),
    step.attempts > 1 && texts.attempts(step.attempts),
  ].filter((fact) => typeof fact === 'string');
  return (
    <section className="step" aria-label={step.step}>
      <p className="step-facts">
        <StateMark state={step.state} />
        <span className="quiet">{step.component}</span>
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
      {summary && <p>{summary}</p>}
      {error && <StoredFault error={error} />}
      {explanation && (
        <div className="step-why">
          <p>{texts.why[explanation.outcome]}</p>
          {explanation.changes.length > 0 && <Changes changes={explanation.changes} />}
        </div>
      )}
      {outputs.length > 0 && (
        <p className="step-outputs">
          <span className="quiet">{texts.outputs}</span>
          {outputs.map(({ key, artifact: { type, properties } }) => (
            <span key={key}>
              {properties.modelName !== undefined && properties.version !== undefined
                ? texts.registered(`${properties.modelName}@${properties.version}`)
                : type}
            </span>
          ))}
        </p>
      )}
      {step.execution !== null && step.state !== 'skipped' && (
        <LogView run={run} step={step.step} level={level} setLevel={setLevel} />
      )}
    </section>
  );
}

type Change = NonNullable<RunStep['explanation']>['changes'][number];

function Changes({ changes }: { changes: readonly Change[] }) {
  const texts = useTexts(runTexts);
  return (
    <table className="step-changes">
      <thead>
        <tr>
          <th scope="col">{texts.part}</th>
          <th scope="col">{texts.before}</th>
          <th scope="col">{texts.after}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ part, before, after }) => (
          <tr key={part}>
            <th scope="row">{nameOf(part, texts.parts)}</th>
            <td>{shown(before) ?? texts.none}</td>
            <td>{shown(after) ?? texts.none}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function nameOf(
  part: string,
  names: {
    component: string;
    fingerprint: string;
    seed: string;
    history: string;
    parameter: (name: string) => string;
    input: (name: string) => string;
  },
): string {
  const [kind, name = ''] = part.split(/\.(.*)/);
  if (kind === 'parameter' || kind === 'input') return names[kind](name);
  return kind === 'component' || kind === 'fingerprint' || kind === 'seed' || kind === 'history' ? names[kind] : part;
}

/** A digest by its beginning. */
const shown = (value: string | null) =>
  value !== null && /^(sha256:)?[0-9a-f]{64}$/.test(value) ? value.replace('sha256:', '').slice(0, 12) : value;
