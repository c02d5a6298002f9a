import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import './share-bar.css';

interface Part {
  name: string;
  role: string;
  /** Percent. */
  share: number;
}

/** Shares of the traffic as one bar. The border before the last part is a slider: drag it, or press the arrow keys. */
export function ShareBar({
  parts,
  label,
  onChange,
}: {
  parts: readonly Part[];
  label: string;
  onChange: ((share: number) => void) | null;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const last = parts.at(-1)?.share ?? 0;
  const set = (share: number) => onChange?.(Math.min(100, Math.max(0, Math.round(share))));
  const drag = ({ clientX, currentTarget, pointerId, buttons }: PointerEvent<HTMLDivElement>) => {
    if (buttons === 0 || !bar.current) return;
    currentTarget.setPointerCapture(pointerId);
    const { left, width } = bar.current.getBoundingClientRect();
    set(100 - ((clientX - left) / width) * 100);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: 1, ArrowUp: 1, ArrowRight: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    const next = step !== undefined ? last + step : { Home: 0, End: 100 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    set(next);
  };
  return (
    <div className="share-bar" ref={bar}>
      {parts.map(({ name, role, share }) => (
        <span key={`${name} ${role}`} className={`share-part share-${role}`} style={{ flexBasis: `${share}%` }}>
          {share >= 8 && `${share} %`}
        </span>
      ))}
      {onChange && (
        <div
          className="share-handle"
          style={{ insetInlineStart: `${100 - last}%` }}
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={last}
          aria-valuetext={`${last} %`}
          onPointerDown={drag}
          onPointerMove={drag}
          onKeyDown={press}
        />
      )}
    </div>
  );
}
