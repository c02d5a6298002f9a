import type { Feedback } from '../../contracts/loop/feedback.ts';
import { positiveLabels, type Task } from '../../contracts/task.ts';
import { MitateError } from '../../errors/index.ts';

/** A model's answers and training labels. */
export interface KnownLabels {
  /** `leaf-health@3`, for errors. */
  model: string;
  /** The labels of a multi-class model; the positive and negative name of a question. */
  answers: readonly string[];
  /** Null when the model's files are gone. */
  taught: { labels: readonly string[]; task: Task } | null;
}

/** The fields of a prediction that feedback depends on. */
export interface GivenAnswer {
  publicId: string;
  /** Null when it failed. */
  label: string | null;
  /** The client was told `uncertain`. */
  uncertain: boolean;
}

export interface Meaning {
  /** The correct answer; null = unknown. */
  truth: string | null;
  newClass: boolean;
}

const nothing: Meaning = { truth: null, newClass: false };

/**
 * The truth that feedback implies. A training label maps to the question's answer; "wrong" implies the other answer if there is only one.
 * @throws FEEDBACK_LABEL_UNKNOWN, FEEDBACK_VERDICT_UNCLEAR
 */
export function truthOf(feedback: Feedback, given: GivenAnswer, known: KnownLabels): Meaning {
  if (feedback.kind === 'label') {
    for (const label of feedback.attributes?.alsoShows ?? []) labelled(label, feedback.newClass, known);
    return labelled(feedback.label, feedback.newClass, known);
  }
  if (feedback.kind !== 'verdict') return nothing;
  if (given.label === null || given.uncertain)
    throw new MitateError('FEEDBACK_VERDICT_UNCLEAR', {
      name: given.publicId,
      answer: given.label === null ? 'an error' : 'uncertain',
    });
  if (feedback.verdict === 'right') return { truth: given.label, newClass: false };
  const [other = null, another] = known.answers.filter((label) => label !== given.label);
  return { truth: another === undefined ? other : null, newClass: false };
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

/** A question's answer for a label; its pattern also covers labels that it was not trained on. */
function answerFor(label: string, task: Task): string {
  if (task.kind === 'multiclass') return label;
  return positiveLabels(task, [label])?.[0] ? task.positive : task.negative;
}

const mostNamed = 20;

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none, its files are gone';
  const shown = names.slice(0, mostNamed).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
