import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { type CreateFlags, triggerInput, withCreateFlags } from './trigger-flags.ts';

function input(...flags: string[]) {
  const command = withCreateFlags(new Command('create').argument('<name>'));
  command.parse(['again', '--pipeline', 'leaf.ts', ...flags], { from: 'user' });
  return triggerInput('again', command.opts<CreateFlags>());
}
const invalid = (field: string) =>
  expect.objectContaining({ code: 'TRIGGER_INVALID', details: expect.objectContaining({ field }) });

describe('flags of a trigger', () => {
  it('define the trigger', () => {
    expect(
      input('--new-data', 's3://leaves/field', '--min-photos', '20', '--param', 'images=s3://leaves/field'),
    ).toEqual({
      name: 'again',
      pipeline: 'leaf.ts',
      parameters: { images: 's3://leaves/field' },
      when: { kind: 'new-data', folder: 's3://leaves/field', minPhotos: 20 },
      coolDown: '6h',
      dailyBudget: 4,
      minNewLabels: 0,
    });
    expect(input('--new-data').when).toMatchObject({ folder: null });
    // --glance: its name in 0.1
    for (const flag of ['--point-estimate', '--glance'])
      expect(input('--performance', 'leaf', '--below', '0.9', flag).when).toMatchObject({ below: 0.9, certain: false });
  });

  it('define what its flywheel exports, with the endpoint of the event if none is given', () => {
    const given = ['--flywheel-output', 'photos', '--flywheel-min-new', '50', '--no-flywheel-verdicts'];
    const accepted = ['--flywheel-base', 'a', 'b', '--flywheel-rename', 'ill=unwell', 'x=y'];
    expect(input('--drift', 'leaf', ...given, ...accepted).flywheel).toEqual({
      to: 'photos',
      endpoint: 'leaf',
      minNew: 50,
      verdicts: false,
      base: ['a', 'b'],
      rename: { ill: 'unwell', x: 'y' },
    });
    const elsewhere = input('--demand', '--flywheel-output', 'photos', '--flywheel-endpoint', 'rose');
    expect(elsewhere.flywheel).toEqual({ to: 'photos', endpoint: 'rose' });
    expect(input('--drift', 'leaf')).not.toHaveProperty('flywheel');
    // its form in 0.1
    expect(input('--demand', '--flywheel', '{"to":"photos","endpoint":"leaf"}').flywheel).toEqual({
      to: 'photos',
      endpoint: 'leaf',
    });
  });

  it.each([
    [[], 'when'],
    [['--demand', '--flywheel-output', 'photos'], '--flywheel-endpoint'],
    [['--drift', 'leaf', '--flywheel-min-new', '5'], '--flywheel-output'],
    [['--demand', '--flywheel-endpoint', 'leaf'], '--flywheel-output'],
    [['--demand', '--cron', '0 3 * * *'], 'when'],
    [['--performance', 'leaf'], '--below'],
    [['--demand', '--below', '0.9'], '--below'],
    [['--cron', '0 3 * * *', '--monitor', 'latency'], '--monitor'],
    [['--drift', 'leaf', '--glance'], '--glance'],
    [['--drift', 'leaf', '--point-estimate'], '--point-estimate'],
  ])('are refused in invalid combinations: %j', (flags, field) => {
    expect(() => input(...flags)).toThrow(invalid(field));
  });
});
