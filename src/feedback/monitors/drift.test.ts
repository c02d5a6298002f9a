import { describe, expect, it } from 'vitest';
import { observations } from '../../../tests/support/observation.ts';
import { runMonitorKind } from '../../../tests/support/run-monitor.ts';
import type { MonitorKind, Observation } from '../../contracts/loop/monitor.ts';
import { Random } from '../../math/stats/random.ts';

const random = new Random('monitors');
const normals = (size: number, shift = 0) => Float32Array.from({ length: size }, () => random.normal() + shift);
/** Spread alike over 0..1, so that the distance of two samples is known. */
const scores = (count: number, low = 0, high = 1) =>
  observations(count, (i) => ({ score: low + ((high - low) * (i + 0.5)) / count }));

describe('prediction-drift', () => {
  it("is the Kolmogorov-Smirnov distance of the scores, with SciPy's p", () => {
    const x = observations(40, (i) => ({ score: 2 * Math.sin(i * 1.7) }));
    const y = observations(25, (i) => ({ score: 2 * Math.cos(i * 2.3) + 0.4 }));
    const found = runMonitorKind('prediction-drift', x, y, { parameters: { tolerance: 0 } });
    expect(found).toMatchObject({ state: 'ok', statistic: 0.24, threshold: 0.01 });
    expect(found.p).toBeCloseTo(0.2881448317933554, 9);
  });

  it.each(['ks', 'psi', 'js'])('sees scores that fell, and which photos did it (%s)', (statistic) => {
    const window = [...scores(100), ...scores(60, 0, 0.05)];
    const found = runMonitorKind('prediction-drift', scores(200), window, { parameters: { statistic } });
    expect(found.state).toBe('breach');
    expect(found.said).toMatch(/mean score 0\.500 -> 0\.3\d\d/);
    const low = new Set(window.filter(({ score }) => score! < 0.06).map(({ id }) => id));
    expect(found.movers.every((id) => low.has(id))).toBe(true);
    const same = runMonitorKind('prediction-drift', scores(200), scores(100), { parameters: { statistic } });
    expect(same.state).toBe('ok');
  });
});

describe('label-drift', () => {
  const labels = (...counts: number[]) =>
    counts.flatMap((count, k) => observations(count, () => ({ label: `label-${k}` })));

  it.each([
    ['js', 0.2234608224298186],
    ['psi', 0.2659762701865823],
  ] as const)('agrees with SciPy and NumPy (%s)', (statistic, value) => {
    const found = runMonitorKind('label-drift', labels(30, 50, 20, 0), labels(22, 41, 30, 7), {
      parameters: { statistic },
    });
    expect(found.statistic).toBeCloseTo(value, 9);
    expect(found.said).toBe('share of label-2 20 % -> 30 %');
  });

  it('shows the photos of the label that grew', () => {
    const window = labels(10, 90);
    const found = runMonitorKind('label-drift', labels(100, 100), window);
    expect(found.state).toBe('breach');
    const grown = new Set(window.filter(({ label }) => label === 'label-1').map(({ id }) => id));
    expect(found.movers.every((id) => grown.has(id))).toBe(true);
  });
});

describe.each<MonitorKind>(['embedding-drift', 'embedding-mmd'])('%s', (kind) => {
  const rows = (count: number, shift = 0) => observations(count, () => ({ projection: normals(16, shift) }));

  it('sees embeddings that moved, and which photos did it', () => {
    const window = [...rows(60), ...rows(60, 2)];
    const found = runMonitorKind(kind, rows(200), window);
    expect(found.state).toBe('breach');
    const moved = new Set(window.slice(60).map(({ id }) => id));
    expect(found.movers).toHaveLength(12);
    expect(found.movers.filter((id) => moved.has(id)).length).toBeGreaterThanOrEqual(11);
  });

  it('stays quiet over others of the same kind, and finds the same each time', () => {
    const [reference, window] = [rows(200), rows(100)];
    const found = runMonitorKind(kind, reference, window);
    expect(found.state).toBe('ok');
    expect(runMonitorKind(kind, reference, window)).toEqual(found);
  });

  it('has not enough data where embeddings were not kept', () => {
    expect(runMonitorKind(kind, rows(200), observations(100)).state).toBe('not-enough-data');
  });

  it('can be as sure as alpha asks', () => {
    const found = runMonitorKind(kind, rows(100), rows(60, 3), { alpha: 0.0005 });
    expect(found.p).toBeLessThan(0.0005);
  });
});

describe('embedding-drift', () => {
  it('knows differences that are sure and small', () => {
    const rows = (count: number, shift: number) =>
      observations(count, () => ({ projection: normals(4).map((x, k) => (k === 0 ? x + shift : x)) }));
    const found = runMonitorKind('embedding-drift', rows(1000, 0), rows(800, 0.4), { parameters: { tolerance: 0 } });
    expect(found.p).toBeLessThan(0.01);
    expect(found).toMatchObject({ state: 'ok', details: { atLeast: 0.65 } });
    const strict = runMonitorKind('embedding-drift', rows(1000, 0), rows(800, 0.4), {
      parameters: { atLeast: 0.5, tolerance: 0 },
    });
    expect(strict.state).toBe('breach');
  });
});

describe('image-properties', () => {
  const photos = (count: number, said: Record<string, number> = {}) =>
    observations(count, () => ({
      properties: {
        width: 256,
        brightness: 0.5 + 0.1 * random.normal(),
        contrast: 0.2 + 0.02 * random.normal(),
        sharpness: 900 + 200 * random.normal(),
        red: 0.5 + 0.1 * random.normal(),
        green: 0.5 + 0.1 * random.normal(),
        blue: 0.4 + 0.1 * random.normal(),
        ...said,
      },
    }));

  it('names the one that moved most', () => {
    const found = runMonitorKind('image-properties', photos(200), photos(80, { sharpness: 30 }));
    expect(found.state).toBe('breach');
    expect(found.statistic).toBe(1);
    expect(found.said).toMatch(/^mean sharpness \d+(\.\d)? -> 30\.0$/);
    expect(runMonitorKind('image-properties', photos(200), photos(80)).state).toBe('ok');
  });

  it('photos of another camera are no drift for their size, which is told, and judged where it is asked for', () => {
    const phone = photos(80, { width: 3000, height: 4000, aspect: 0.75 });
    const found = runMonitorKind('image-properties', photos(200, { height: 256, aspect: 1 }), phone);
    expect(found.state).toBe('ok');
    expect(found.details.sizes).toEqual([
      { name: 'width', before: 256, now: 3000 },
      { name: 'height', before: 256, now: 4000 },
      { name: 'aspect', before: 1, now: 0.75 },
    ]);
    const asked = { parameters: { properties: ['width'] } };
    expect(runMonitorKind('image-properties', photos(200), phone, asked).state).toBe('breach');
  });

  it('looks at what it was asked for', () => {
    const only = { parameters: { properties: ['brightness'] } };
    expect(runMonitorKind('image-properties', photos(200), photos(80, { sharpness: 30 }), only).state).toBe('ok');
    const strange = { parameters: { properties: ['aspect'] } };
    expect(runMonitorKind('image-properties', photos(200), photos(80), strange)).toMatchObject({ state: 'ok', p: 1 });
  });
});

describe('heat-map-drift', () => {
  const maps = (count: number, border: number): Observation[] =>
    observations(count, () => ({
      attention: { border: border + 0.02 * random.normal(), entropy: 0.6 + 0.05 * random.normal() },
    }));

  it('sees a model that looks at the border', () => {
    const found = runMonitorKind('heat-map-drift', maps(100, 0.2), maps(60, 0.5));
    expect(found).toMatchObject({ state: 'breach', statistic: 1 });
    expect(found.said).toMatch(
      /^attention at the border 0\.2\d\d -> 0\.(49|50)\d$|^attention at the border 0\.19\d -> 0\.(49|50)\d$/,
    );
    expect(runMonitorKind('heat-map-drift', maps(100, 0.2), maps(60, 0.2)).state).toBe('ok');
    expect(runMonitorKind('heat-map-drift', observations(100), maps(60, 0.2)).state).toBe('not-enough-data');
  });

  it('takes no change for one that comes of who asks: heat maps of unwell leaves only', () => {
    const of = (label: string, rows: Observation[]) => rows.map((row) => ({ ...row, label }));
    const reference = [...of('healthy', maps(80, 0.1)), ...of('unwell', maps(80, 0.3))];
    expect(runMonitorKind('heat-map-drift', reference, of('unwell', maps(80, 0.3))).state).toBe('ok');
    expect(runMonitorKind('heat-map-drift', reference, of('unwell', maps(80, 0.4))).state).toBe('breach');
  });
});
