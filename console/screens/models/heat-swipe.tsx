import { useEffect, useRef, useState } from 'react';
import { heatColour } from '../../../src/inference/explain/heat-colour.ts';
import { useTexts } from '../../app/texts.ts';
import { StoredPhoto } from '../../parts/stored-photo.tsx';
import type { Explanation } from './data.ts';
import { modelTexts } from './texts.ts';
import './heat-swipe.css';

interface HeatSwipeProps {
  photo: string;
  data: string;
  /** Null = none, or not here yet. */
  left: Explanation | null;
  right: Explanation | null;
  names: readonly [string, string];
  isWaiting: boolean;
}

/** Log-odds of a cell at full colour at least, as in the pictures of the server. */
const leastFull = 0.025;

/** A photo under two heat maps of one scale: the left of the divider is one's, the right the other's. */
export function HeatSwipe({ photo, data, left, right, names, isWaiting }: HeatSwipeProps) {
  const texts = useTexts(modelTexts);
  const [at, setAt] = useState(50);
  const most = Math.max(leastFull, ...[left, right].map((each) => (each ? strongest(each) : 0)));
  const hasNone = !isWaiting && left === null && right === null;
  return (
    <div className="swipe">
      <div className="swipe-photo">
        <StoredPhoto sha256={photo} data={data} size={1280} alt="" />
        {left && (
          <span className="swipe-map" style={{ clipPath: `inset(0 ${100 - at}% 0 0)` }}>
            <Heat map={left} most={most} label={texts.heatMap(names[0])} />
          </span>
        )}
        {right && (
          <span className="swipe-map" style={{ clipPath: `inset(0 0 0 ${at}%)` }}>
            <Heat map={right} most={most} label={texts.heatMap(names[1])} />
          </span>
        )}
        <span className="swipe-name swipe-left">{names[0]}</span>
        <span className="swipe-name swipe-right">{names[1]}</span>
        <span className="swipe-divider" style={{ left: `${at}%` }} />
        <input
          type="range"
          className="swipe-range"
          aria-label={texts.swipe}
          min={0}
          max={100}
          value={at}
          onChange={({ target }) => setAt(target.valueAsNumber)}
        />
      </div>
      <p className="small quiet" role="status">
        {isWaiting ? texts.heatWaits : hasNone ? texts.noHeat : texts.swipeHint}
      </p>
    </div>
  );
}

/** The 99th percentile: one cell must not leave the others pale. */
function strongest({ grid }: Explanation): number {
  const sorted = grid.flat().sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * 0.99)] ?? 0;
}

function Heat({ map: { grid, width, height, fit }, most, label }: { map: Explanation; most: number; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const picture = context.createImageData(width, height);
    for (const [i, value] of grid.flat().entries()) {
      const [red, green, blue, cover] = heatColour(Math.max(0, Math.min(1, value / most)));
      picture.data.set([red, green, blue, cover * 255], 4 * i);
    }
    context.putImageData(picture, 0, 0);
  }, [grid, width, height, most]);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      role="img"
      aria-label={label}
      className={fit === 'cover' ? 'swipe-middle' : 'swipe-whole'}
    />
  );
}
