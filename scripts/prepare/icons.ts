import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Of an installed Diagnose, for browsers that take no SVG. `share`: of the side, what the drawing has; the rest is paper, which a system may cut. */
const icons = [
  { name: 'icon-192.png', side: 192, share: 1 },
  { name: 'icon-512.png', side: 512, share: 1 },
  { name: 'icon-full-180.png', side: 180, share: 0.8 },
  { name: 'icon-full-512.png', side: 512, share: 0.8 },
];
const paper = '#fbfaf6';

/** Drawn from icon.svg of a built console, beside it. */
export async function writeIcons(folder: string): Promise<void> {
  const drawing = await readFile(join(folder, 'icon.svg'));
  for (const { name, side, share } of icons) {
    const inner = Math.round(share * side);
    const drawn = await sharp(drawing, { density: (72 * inner) / 32 })
      .resize(inner, inner)
      .png()
      .toBuffer();
    const background = share < 1 ? paper : '#00000000';
    const canvas = sharp({ create: { width: side, height: side, channels: 4, background } });
    await writeFile(
      join(folder, name),
      await canvas
        .composite([{ input: drawn }])
        .png({ palette: true })
        .toBuffer(),
    );
  }
}
