import type { Preprocess } from '../../contracts/artifacts/signature.ts';
import { encodePng } from '../../vision/encode.ts';
import { uprightPhoto } from '../../vision/upright.ts';
import { enlargeMap } from './enlarge-map.ts';
import { heatColour } from './heat-colour.ts';

export interface OverlayOptions {
  /** Pixels; a smaller photo is not enlarged. Default 1024. */
  longestSide?: number;
  /** Draw evidence against the class, in blue. Default false. */
  against?: boolean;
}

/** Colours in a table: a megapixel takes 10 ms instead of 80. */
const colourSteps = 512;
const colours = Array.from({ length: 2 * colourSteps + 1 }, (_, i) => heatColour(i / colourSteps - 1));

/** The part of an explanation that is drawn. */
export interface DrawnMap {
  /** [height, width] row-major: log-odds that each cell adds (> 0 = for the class) compared with the average training photo. */
  map: Float32Array;
  height: number;
  width: number;
  /** How the map's square was cut from the photo: `fill` covers all of it. */
  fit: Preprocess['fit'];
}

/** Share of cells at full colour: one outlier must not leave the rest pale. */
const clippedShare = 0.01;
/** Lowest log-odds of a cell at full colour, so that the noise of a map without evidence stays pale. */
const leastFull = 0.025;

/**
 * The heat map over the upright photo: transparent without evidence for the class, then yellow, orange, red.
 * @param image JPEG, PNG or WebP bytes
 * @returns PNG bytes
 * @throws IMAGE_*
 */
export async function overlay(
  image: Uint8Array,
  explanation: DrawnMap,
  { longestSide = 1024, against = false }: OverlayOptions = {},
): Promise<Uint8Array> {
  const { pixels, width, height } = await uprightPhoto(image, longestSide);
  const heat = enlargeMap(explanation, { width, height }, explanation.fit);
  const full = fullHeat(explanation.map);
  for (let i = 0; i < heat.length; i++) {
    const share = Math.max(-1, Math.min(1, heat[i]! / full));
    if (share < 0 && !against) continue;
    const [red, green, blue, cover] = colours[Math.round((1 + share) * colourSteps)]!;
    pixels[3 * i] = mix(pixels[3 * i]!, red, cover);
    pixels[3 * i + 1] = mix(pixels[3 * i + 1]!, green, cover);
    pixels[3 * i + 2] = mix(pixels[3 * i + 2]!, blue, cover);
  }
  return encodePng(pixels, width, height);
}

function mix(under: number, over: number, cover: number): number {
  return Math.round(under + (over - under) * cover);
}

/** The 99th percentile. */
function fullHeat(map: Float32Array): number {
  const sorted = map.toSorted();
  return Math.max(leastFull, sorted[Math.floor((sorted.length - 1) * (1 - clippedShare))]!);
}
