import type { Feedback } from '../../contracts/loop/feedback.ts';
import { positiveLabels, type Task } from '../../contracts/task.ts';
import { MitateError } from '../../errors/index.ts';

/** What a model may answer, and the labels that it was taught. */
export interface KnownLabels {
  /** `leaf-health@3`, for errors. */
  model: string;
  /** Its labels for a multi-class model; for a question the positive and the negative name. */
  answers: readonly string[];
  /** Null when its files are gone: then only the answers are known. */
  taught: { labels: readonly string[]; task: Task } | null;
}

/** A photo's answer, as far as it matters for what is said of it. */
export interface GivenAnswer {
  publicId: string;
  /** Null when it failed. */
  label: string | null;
  /** The client was told `uncertain`. */
  uncertain: boolean;
}

export interface Meaning {
  /** The answer that would have been right; null = none is said. */
  truth: string | null;
  newClass: boolean;
}

const nothing: Meaning = { truth: null, newClass: false };

/**
 * What something said of a photo makes true. A label behind a question stands for its answer; "wrong" does where only one other answer is left.
 * @throws FEEDBACK_LABEL_UNKNOWN, FEEDBACK_VERDICT_UNCLEAR
 */
export function truthOf(said: Feedback, given: GivenAnswer, known: KnownLabels): Meaning {
  if (said.kind === 'label') return labelled(said.label, said.newClass, known);
  if (said.kind !== 'verdict') return nothing;
  if (given.label === null || given.uncertain)
    throw new MitateError('FEEDBACK_VERDICT_UNCLEAR', {
      name: given.publicId,
      answer: given.label === null ? 'an error' : 'uncertain',
    });
  if (said.verdict === 'right') return { truth: given.label, newClass: false };
  const others = known.answers.filter((label) => label !== given.label);
  return { truth: others.length === 1 ? others[0]! : null, newClass: false };
}

function labelled(label: string, mayBeNew: boolean, { model, answers, taught }: KnownLabels): Meaning {
  if (answers.includes(label)) return { truth: label, newClass: false };
  const isTaught = taught?.labels.includes(label) ?? false;
  if (!isTaught && !mayBeNew) {
    const names = [...new Set([...answers, ...(taught?.labels ?? [])])];
    throw new MitateError('FEEDBACK_LABEL_UNKNOWN', { model, label: label.slice(0, 100), known: listed(names) });
  }
  return { truth: taught ? answerFor(label, taught.task) : label, newClass: !isTaught };
}

/** What a question answers to a photo with the label: its pattern decides of labels that it was not taught, too. */
function answerFor(label: string, task: Task): string {
  if (task.kind === 'multiclass') return label;
  return positiveLabels(task, [label])![0] ? task.positive : task.negative;
}

const mostNamed = 20;

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none that is still on record';
  const shown = names.slice(0, mostNamed).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
