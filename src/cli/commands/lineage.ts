import type { Command } from 'commander';
import { type Lineage, lineageOf } from '../../orchestrator/lineage.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';
import type { Output } from '../output/output.ts';
import { safeText } from '../output/safe-text.ts';

export function registerLineage(program: Command): void {
  const command = program
    .command('lineage <subject>')
    .description(
      'show ancestors and descendants of an artifact (id or folder), model (name@version) or photo (file or sha256)',
    );
  action(command, async ({ inStore, output }, reference: string) => {
    const lineage = await inStore((store) => lineageOf(store, reference));
    output.json(lineage);
    printSubject(output, lineage);
    output.table(
      ['', 'ARTIFACT', 'STEP', 'ID', 'CREATED', 'DIGEST'],
      lineage.artifacts.map(({ relation, type, step, id, createdAt, digest }) => [
        { subject: '*', ancestor: '<', descendant: '>' }[relation],
        type,
        step,
        id,
        moment(createdAt),
        digest.slice(0, 12),
      ]),
    );
    output.line('(< ancestor, > descendant)\n');
    output.table(
      ['RUN', 'PIPELINE', 'STATE', 'STARTED', 'BY', 'COMMIT', 'PARAMETERS'],
      lineage.runs.map(({ id, pipeline, state, startedAt, who, gitCommit, parameters }) => [
        id,
        pipeline,
        state,
        moment(startedAt),
        who,
        gitCommit?.slice(0, 12) ?? '–',
        JSON.stringify(parameters),
      ]),
    );
    for (const { name, version, aliases, trainedOn } of lineage.models) {
      const how = trainedOn === null ? '' : trainedOn ? ', trained on it' : ', not trained on it';
      output.line(`model ${name}@${version}${aliases.length ? ` (${aliases.join(', ')})` : ''}${how}`);
    }
  });
}

function printSubject(output: Output, { subject }: Lineage): void {
  if (subject.kind === 'model') output.line(output.style('bold', `${subject.model.name}@${subject.model.version}`));
  if (subject.kind !== 'photo') return;
  output.line(output.style('bold', `photo ${subject.sha256}`));
  for (const { pipeline, span, split, label, filename } of subject.places) {
    output.line(`  ${pipeline}, span ${span}: ${safeText(filename)}, labelled ${safeText(label)}, split ${split}`);
  }
}
