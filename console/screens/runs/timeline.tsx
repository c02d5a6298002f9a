import { Fragment, type ReactNode } from 'react';
import { useTexts } from '../../app/texts.ts';
import { countText, secondsOf, timeText } from './amounts.ts';
import type { RunGraph, RunStep } from './data.ts';
import { StateMark } from './state-mark.tsx';
import { runTexts } from './texts.ts';

interface TimelineProps {
  graph: RunGraph;
  chosen: string | undefined;
  choose: (step: string) => void;
  /** Details of the chosen step, below it. */
  children: ReactNode;
}

/** One line a step, on the time of the run. */
export function Timeline({ graph: { run, steps }, chosen, choose, children }: TimelineProps) {
  const texts = useTexts(runTexts);
  const from = Date.parse(run.startedAt);
  const to = run.finishedAt === null ? Date.now() : Date.parse(run.finishedAt);
  const span = Math.max(1, to - from);
  return (
    <ol className="timeline" aria-label={texts.steps}>
      {steps.map((step) => (
        <Fragment key={step.step}>
          <li className="timeline-row">
            <button
              type="button"
              className="timeline-step"
              aria-expanded={step.step === chosen}
              onClick={() => choose(step.step)}
            >
              <span className="timeline-name">
                <StateMark state={step.state} isShapeOnly />
                {step.step}
              </span>
              <Bar step={step} from={from} span={span} />
              <Said step={step} />
            </button>
          </li>
          {step.step === chosen && <li className="timeline-details">{children}</li>}
        </Fragment>
      ))}
    </ol>
  );
}

function Bar({ step, from, span }: { step: RunStep; from: number; span: number }) {
  if (step.startedAt === null || step.state === 'skipped' || step.state === 'waiting')
    return <span className="timeline-bar" />;
  const start = ((Date.parse(step.startedAt) - from) / span) * 100;
  const end = ((step.finishedAt === null ? Date.now() : Date.parse(step.finishedAt)) - from) / span;
  const width = Math.max(0.4, end * 100 - start);
  const { progress } = step;
  const done = step.state === 'running' && progress && progress.total > 0 ? progress.done / progress.total : null;
  return (
    <svg className="timeline-bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      {step.state === 'cached' ? (
        <path className="timeline-cached" d={`M${Math.min(99.6, Math.max(0.4, start))} 0 V12`} />
      ) : (
        <>
          <rect className={`timeline-${step.state}`} x={start} y="1" width={width} height="10" />
          {done !== null && <rect className="timeline-done" x={start} y="1" width={width * done} height="10" />}
        </>
      )}
    </svg>
  );
}

function Said({ step }: { step: RunStep }) {
  const texts = useTexts(runTexts);
  const { state, progress, savedSeconds } = step;
  const seconds = secondsOf(step);
  if (state === 'cached')
    return (
      <span className="timeline-said quiet">
        {savedSeconds === null ? texts.states.cached : texts.savedTime(timeText(savedSeconds))}
      </span>
    );
  if (state === 'waiting' || state === 'skipped')
    return <span className="timeline-said quiet">{texts.states[state]}</span>;
  if (state === 'running' && progress) {
    const total = progress.total > 0 ? countText(progress.total) : texts.unknown;
    return (
      <span className="timeline-said">
        {texts.progress(countText(progress.done), total, progress.unit)}
        {progress.secondsLeft !== null && ` · ${texts.left(timeText(progress.secondsLeft))}`}
      </span>
    );
  }
  return <span className="timeline-said">{seconds === null ? texts.unknown : timeText(seconds)}</span>;
}
