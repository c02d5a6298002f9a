import type { ReactNode } from 'react';
import { useTexts } from '../../app/texts.ts';
import { runTexts } from './texts.ts';
import './state-mark.css';

export type MarkedState =
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'cached'
  | 'skipped'
  | 'waiting'
  | 'queued';

/** Shape and word. */
export function StateMark({ state, isShapeOnly = false }: { state: MarkedState; isShapeOnly?: boolean }) {
  const texts = useTexts(runTexts);
  return (
    <span className={`state state-${state}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true" className="state-shape">
        {shapes[state]}
      </svg>
      <span className={isShapeOnly ? 'visually-hidden' : undefined}>{texts.states[state]}</span>
    </span>
  );
}

const ring = <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" />;
const shapes: Record<MarkedState, ReactNode> = {
  succeeded: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  cached: ring,
  running: (
    <>
      <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" opacity="0.3" />
      <path
        className="state-turns"
        d="M6 1.5 A4.5 4.5 0 0 1 10.5 6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
      />
    </>
  ),
  failed: <rect x="1.5" y="1.5" width="9" height="9" fill="currentColor" />,
  cancelled: <rect x="2" y="2" width="8" height="8" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  skipped: <path d="M2 6 H10" stroke="currentColor" strokeWidth="1.5" />,
  waiting: <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="1.5 2" />,
  queued: <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="1.5 2" />,
};
