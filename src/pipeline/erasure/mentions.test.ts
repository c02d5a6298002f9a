import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { suspects } from '../evaluator/report/suspects.ts';
import { withoutMentions } from './mentions.ts';

it('an erased photo leaves the figures and the table of suspicious labels (the table kept its name)', async () => {
  using scratch = new ScratchFolder();
  const suspect = (filename: string, digit: string) => {
    const judged = { label: 'spot', suggested: 'rust', split: 'test' as const, margin: -0.5, confidence: 0.7 };
    return { sha256: digit.repeat(64), filename, ...judged };
  };
  const found = [suspect('me & you.jpg', 'a'), suspect('other.jpg', 'b')];
  const pictures = new Map(found.map(({ sha256 }) => [sha256, { photo: 'data:,' }]));
  const page = suspects({ suspiciousLabels: { examined: 9, folds: 9, found } }, pictures).text;
  expect(page.match(/me &#?\w+; you\.jpg/g)).toHaveLength(2);
  scratch.write('evaluation/report.html', page);
  await withoutMentions(scratch.at('evaluation'), scratch.at('erased'), {
    sha256: found[0]!.sha256,
    filenames: ['me & you.jpg'],
  });
  const erased = readFileSync(scratch.at('erased/report.html'), 'utf8');
  expect(erased).not.toContain('you.jpg');
  expect(erased.match(/other\.jpg/g)).toHaveLength(2);
});
