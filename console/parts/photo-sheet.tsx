import type { ReactNode } from 'react';
import { Sheet } from './sheet.tsx';
import './photo-sheet.css';

export { PhotoTile } from './photo-tile.tsx';

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
