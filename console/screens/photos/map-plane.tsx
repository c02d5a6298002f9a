import { useQuery } from '@tanstack/react-query';
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { PhotoColumns } from '../../../src/client/index.ts';
import { useChoices } from '../../app/choices.ts';
import { useLabelName } from '../../app/label-names.ts';
import { useTexts } from '../../app/texts.ts';
import { StoredPhoto } from '../../parts/stored-photo.tsx';
import { type PhotoMap, pageQuery, type RequestsOnMap } from './data.ts';
import { drawMap, frameOf } from './map-draw.ts';
import { type MapLabel, nextPoint, pointAt, pointsInside } from './map-points.ts';
import { photosTexts } from './texts.ts';

const directions: Record<string, readonly [number, number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
/** Pixels around the pointer. */
const reach = 14;
/** Before a photo is loaded: a pointer that passes loads none. */
const dwellMs = 120;

/** Pixels that a pointer may slip within a click. */
const slip = 5;
type Corner = readonly [number, number];

/** The points. A drag selects what it goes around. Arrow keys go from photo to photo, X selects one, Enter opens it. */
export function MapPlane(props: {
  data: string;
  map: PhotoMap;
  index: PhotoColumns;
  labels: readonly MapLabel[];
  chosen: string | undefined;
  /** Positions in the data set. */
  selected: ReadonlySet<number>;
  /** @param isAdded to those that are selected */
  select: (points: readonly number[], isAdded: boolean) => void;
  toggle: (point: number) => void;
  open: (point: number) => void;
  traffic: RequestsOnMap['items'];
  openRequest: (id: string) => void;
}) {
  const { data, map, index, labels, chosen, selected, select, toggle, open, traffic, openRequest } = props;
  const texts = useTexts(photosTexts).map;
  const hint = useId();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [cursor, setCursor] = useState<number | null>(null);
  const [outline, setOutline] = useState<readonly Corner[]>([]);
  // a finger scrolls the page, unless it is to draw
  const [isDrawing, setDrawing] = useState(false);
  const theme = useThemeNow();
  const frame = useMemo(() => frameOf(map, traffic, size.width, size.height), [map, traffic, size]);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours of the theme are read from the page
  useEffect(() => {
    if (canvas.current && frame.width > 0)
      drawMap(canvas.current, frame, { map, index, labels, chosen, selected, traffic, cursor });
  }, [frame, map, index, labels, chosen, selected, traffic, cursor, theme]);
  const placeOf = ({ clientX, clientY, currentTarget }: MouseEvent): Corner => {
    const { left, top } = currentTarget.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };
  const under = (event: MouseEvent) => {
    const [x, y] = frame.back(...placeOf(event));
    return pointAt(map, x, y, reach / frame.scale);
  };
  const isDrawn = outline.some((corner) => Math.hypot(corner[0] - outline[0]![0], corner[1] - outline[0]![1]) > slip);
  const choose = (event: MouseEvent, point: number | null) => {
    const [x, y] = frame.back(...placeOf(event));
    const far = (of: { x: number; y: number }) => Math.hypot(of.x - x, of.y - y);
    const photo = point === null ? Number.POSITIVE_INFINITY : far({ x: map.x[point]!, y: map.y[point]! });
    const request = traffic.reduce((best, each) => (far(each) < far(best) ? each : best), traffic[0]!);
    if (request && far(request) < Math.min(photo, reach / frame.scale)) openRequest(request.id);
    else if (point !== null) open(point);
  };
  const begin = (event: PointerEvent) => {
    if (event.button !== 0 || (event.pointerType === 'touch' && !isDrawing)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setOutline([placeOf(event)]);
  };
  const finish = (event: PointerEvent) => {
    if (isDrawn) {
      const inside = pointsInside(
        map,
        outline.map((corner) => frame.back(...corner)),
      );
      select(inside, event.shiftKey);
      setDrawing(false);
    } else if (outline.length > 0) {
      const point = under(event);
      if (point !== null && event.shiftKey) toggle(point);
      else choose(event, point);
    }
    setOutline([]);
  };
  const press = (event: KeyboardEvent) => {
    const direction = directions[event.key];
    if (direction) setCursor(cursor === null ? 0 : (nextPoint(map, cursor, direction) ?? cursor));
    else if (event.key === 'Enter' && cursor !== null) open(cursor);
    else if (event.key === 'x' && cursor !== null) toggle(cursor);
    else return;
    event.preventDefault();
  };
  return (
    <div className="map-plane" ref={box}>
      <div
        className={isDrawing ? 'map-touch map-drawing' : 'map-touch'}
        role="application"
        aria-label={texts.plane}
        aria-describedby={hint}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move in it
        tabIndex={0}
        onFocus={() => setCursor(cursor ?? 0)}
        onKeyDown={press}
        onPointerDown={begin}
        onPointerMove={(event) => {
          if (outline.length === 0) return setCursor(under(event));
          const corner = placeOf(event);
          setOutline((before) => [...before, corner]);
        }}
        onPointerUp={finish}
        onPointerCancel={() => setOutline([])}
        onPointerLeave={() => setCursor(null)}
        // a finger that taps: it is not captured
        onClick={(event) => {
          if (isTouch(event) && !isDrawing) choose(event, under(event));
        }}
      >
        <canvas ref={canvas} style={{ width: size.width, height: size.height }} />
        {isDrawn && (
          <svg className="map-outline" width={size.width} height={size.height} aria-hidden="true">
            <polygon points={outline.map((corner) => corner.join()).join(' ')} />
          </svg>
        )}
      </div>
      <button type="button" className="map-lasso" aria-pressed={isDrawing} onClick={() => setDrawing(!isDrawing)}>
        {texts.lasso}
      </button>
      <p id={hint} className="visually-hidden">
        {texts.keys}
      </p>
      {cursor !== null && size.width > 0 && !isDrawn && (
        <Tip
          data={data}
          map={map}
          index={index}
          point={cursor}
          place={frame.place(map.x[cursor]!, map.y[cursor]!)}
          frame={frame}
        />
      )}
    </div>
  );
}

/** The event of a click is a PointerEvent in each browser that the console is for. */
const isTouch = ({ nativeEvent }: MouseEvent) =>
  nativeEvent instanceof window.PointerEvent && nativeEvent.pointerType === 'touch';

function Tip(props: {
  data: string;
  map: PhotoMap;
  index: PhotoColumns;
  point: number;
  place: readonly [number, number];
  frame: { width: number; height: number };
}) {
  const { data, map, index, point, place, frame } = props;
  const named = useLabelName();
  const [settled, setSettled] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(point), dwellMs);
    return () => clearTimeout(timer);
  }, [point]);
  const at = map.at[point]!;
  const { data: page } = useQuery({ ...pageQuery(data, [at]), enabled: settled === point });
  const photo = page?.[0];
  const [x, y] = place;
  const sides = `${x > frame.width / 2 ? 'map-tip-left' : ''} ${y > frame.height / 2 ? 'map-tip-up' : ''}`;
  return (
    <div className={`map-tip ${sides}`} style={{ left: x, top: y }} role="status">
      <span className="map-tip-photo">
        {photo && <StoredPhoto sha256={photo.sha256} data={data} size={160} alt={photo.filename} />}
      </span>
      <strong>
        <bdi>{named(index.labels[index.label[at]!] ?? '')}</bdi>
      </strong>
    </div>
  );
}

/** Changes when the page's colours do. */
function useThemeNow(): string {
  const { theme } = useChoices();
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const listen = () => setDark(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return `${theme} ${isDark}`;
}
