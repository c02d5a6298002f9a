import type { ReactNode } from 'react';
import { Sheet } from './sheet.tsx';
import './photo-sheet.css';

/** A photo, large, and what is known about it beside it (below it on a phone). Every picture of the console opens this. */
export function PhotoSheet(props: {
  isOpen: boolean;
  close: () => void;
  title: string;
  /** The picture, or a picture with a heat map over it. */
  picture: ReactNode;
  children: ReactNode;
}) {
  const { isOpen, close, title, picture, children } = props;
  return (
    <Sheet isOpen={isOpen} close={close} title={title} isWide>
      <div className="photo-sheet">
        <div className="photo-sheet-picture">{picture}</div>
        <div className="photo-sheet-facts">{children}</div>
      </div>
    </Sheet>
  );
}

/** A square of fixed size: nothing moves when the photo arrives. @param colour mean colour until then, `#rrggbb` */
export function PhotoTile(props: {
  src: string | null;
  alt: string;
  colour?: string | undefined;
  onOpen?: (() => void) | undefined;
  isSelected?: boolean;
  children?: ReactNode;
}) {
  const { src, alt, colour, onOpen, isSelected = false, children } = props;
  const inside = (
    <>
      {src !== null && <img src={src} alt={alt} loading="lazy" decoding="async" />}
      {children && <span className="photo-tile-note">{children}</span>}
    </>
  );
  const look = {
    className: isSelected ? 'photo-tile photo-tile-selected' : 'photo-tile',
    ...(colour && { style: { backgroundColor: colour } }),
  };
  if (!onOpen) return <div {...look}>{inside}</div>;
  return (
    <button type="button" {...look} onClick={onOpen} aria-label={src === null ? alt : undefined}>
      {inside}
    </button>
  );
}
