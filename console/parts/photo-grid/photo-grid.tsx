import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { type Geometry, geometryOf, rowsAt, scrollOf, topOf } from './geometry.ts';
import './photo-grid.css';

export interface PhotoGridProps {
  /** Of the list. */
  label: string;
  count: number;
  /** Place in the list on which the keyboard is. */
  cursor: number;
  onCursor: (place: number, event: { shift: boolean }) => void;
  isSelected: (place: number) => boolean;
  /** A click; with Ctrl, ⌘ or on the mark it selects. */
  onOpen: (place: number) => void;
  onToggle: (place: number, event: { shift: boolean }) => void;
  /** Places of which the photos should be here now: after the scrolling rests. */
  onShown: (from: number, to: number) => void;
  /** What is in the tile. */
  children: (place: number) => ReactNode;
  nameOf: (place: number) => string;
  selectLabel: string;
  /** Wished width of a tile, pixels. */
  tile: number;
}

const restMs = 80;

/** A list of photos of any length: only tiles that are seen exist. Arrows, Home, End and Page keys move; the caller adds what letters do. */
export function PhotoGrid(props: PhotoGridProps) {
  const { label, count, cursor, onCursor, isSelected, onOpen, onToggle, onShown, children, nameOf, selectLabel } =
    props;
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [scrolled, setScrolled] = useState(0);
  useLayoutEffect(() => {
    const element = box.current!;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const geometry = geometryOf(count, size.width, props.tile);
  const top = topOf(geometry, scrolled, size.height);
  const [first, last] = rowsAt(geometry, top, size.height);
  const { columns, tile, gap } = geometry;
  const from = first * columns;
  const to = Math.min(count, (last + 1) * columns) - 1;
  useEffect(() => {
    if (size.width === 0 || to < from) return;
    const timer = setTimeout(() => onShown(from, to), restMs);
    return () => clearTimeout(timer);
  }, [from, to, size.width, onShown]);
  useShowing(box, cursor, geometry, size.height);
  const move = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(size.height / (tile + gap))) * columns;
    const steps: Record<string, number> = {
      ...{ ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns },
      ...{ PageDown: page, PageUp: -page, Home: -count, End: count },
    };
    const step = steps[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (step !== undefined) {
      event.preventDefault();
      onCursor(Math.min(count - 1, Math.max(0, cursor + step)), { shift: event.shiftKey });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onOpen(cursor);
    } else if (event.key === ' ') {
      event.preventDefault();
      onToggle(cursor, { shift: event.shiftKey });
    }
  };
  const click = (place: number) => (event: MouseEvent) => {
    onCursor(place, { shift: false });
    const isMark = (event.target as Element).closest('.photo-grid-mark') !== null;
    if (isMark || event.shiftKey || event.ctrlKey || event.metaKey) onToggle(place, { shift: event.shiftKey });
    else onOpen(place);
  };
  const places = size.width === 0 ? [] : Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  return (
    <div
      ref={box}
      className="photo-grid"
      role="listbox"
      aria-label={label}
      aria-multiselectable="true"
      aria-activedescendant={cursor >= from && cursor <= to ? `tile-${cursor}` : undefined}
      tabIndex={0}
      onKeyDown={move}
      onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop)}
    >
      <div role="presentation" style={{ height: geometry.space }}>
        <div role="presentation" className="photo-grid-shown" style={{ transform: `translateY(${scrolled - top}px)` }}>
          {places.map((place) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus
            <div
              key={place}
              id={`tile-${place}`}
              role="option"
              aria-selected={isSelected(place)}
              aria-label={nameOf(place)}
              aria-setsize={count}
              aria-posinset={place + 1}
              className={place === cursor ? 'photo-grid-tile photo-grid-cursor' : 'photo-grid-tile'}
              style={{
                ...{ width: tile, height: tile },
                left: (place % columns) * (tile + gap),
                top: Math.floor(place / columns) * (tile + gap),
              }}
              onClick={click(place)}
            >
              {children(place)}
              <span className="photo-grid-mark" title={selectLabel} aria-hidden="true" />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Scrolls as little as shows the tile under the cursor. */
function useShowing(box: { current: HTMLDivElement | null }, cursor: number, geometry: Geometry, height: number): void {
  const { columns, tile, gap } = geometry;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the cursor moves; whoever scrolls may leave it behind
  useEffect(() => {
    const element = box.current;
    if (!element || height === 0) return;
    const top = topOf(geometry, element.scrollTop, height);
    const at = Math.floor(cursor / columns) * (tile + gap);
    if (at < top) element.scrollTop = scrollOf(geometry, at, height);
    else if (at + tile > top + height) element.scrollTop = scrollOf(geometry, at + tile - height, height);
  }, [cursor, columns, height]);
}
