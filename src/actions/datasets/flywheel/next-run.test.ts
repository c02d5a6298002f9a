import { expect, it } from 'vitest';
import { commandOf } from './next-run.ts';

it('the next run after an export is one command for the shell', () => {
  const parameters = { images: '/home/ada/photos', field: '/home/ada/field/span-{SPAN}', views: 'plain' };
  expect(commandOf({ file: '/home/ada/pipeline.ts', parameters, readsSpans: true }, '/home/ada')).toBe(
    "mitate run pipeline.ts --param images=/home/ada/photos --param 'field=/home/ada/field/span-{SPAN}' --param views=plain",
  );
});
