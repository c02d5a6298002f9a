import { useEffect, useRef } from 'react';
import './heat.css';

/** Cells that spoke for the answer, over the photo beside it; those that spoke against it are left clear. */
export function Heat({ grid }: { grid: readonly (readonly number[])[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const [height, width] = [grid.length, grid[0]?.length ?? 0];
    const cells = new OffscreenCanvas(width, height);
    const highest = Math.max(...grid.flat(), 1e-9);
    const picture = new ImageData(width, height);
    grid.flat().forEach((value, i) => {
      picture.data.set([184, 67, 10, Math.round(200 * Math.max(0, value / highest))], 4 * i);
    });
    cells.getContext('2d')?.putImageData(picture, 0, 0);
    // the shape of the photo, so that it covers it however that fits into its frame
    const photo = element.parentElement?.querySelector('img');
    const ratio = photo && photo.naturalHeight > 0 ? photo.naturalWidth / photo.naturalHeight : 1;
    element.width = Math.round(ratio >= 1 ? side : side * ratio);
    element.height = Math.round(ratio >= 1 ? side / ratio : side);
    context.drawImage(cells, 0, 0, element.width, element.height);
  }, [grid]);
  return <canvas ref={canvas} className="heat" />;
}

/** Pixels: smooth on any screen. */
const side = 320;
