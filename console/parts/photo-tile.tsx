import type { ReactNode } from 'react';
import './photo-sheet.css';

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
