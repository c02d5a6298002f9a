import type { ImageProperties } from '../contracts/example.ts';
import type { QualityHint } from '../contracts/request-record.ts';

/** What whoever took the photo could do better. Thresholds are on `properties` as measured at 256 px. */
export function qualityHints({ width, height, brightness, sharpness }: ImageProperties): QualityHint[] {
  const hints: QualityHint[] = [];
  if (brightness < 0.12) hints.push('too-dark');
  if (brightness > 0.92) hints.push('too-bright');
  if (sharpness < 20) hints.push('blurred');
  if (Math.min(width, height) < 96) hints.push('too-small');
  return hints;
}
