import { defineErrors } from '../define-errors.ts';

export const evaluationErrors = defineErrors({
  EVALUATION_NO_TEST_SPLIT: {
    status: 422,
    when: 'the Evaluator is given examples without a test split',
    message: 'The examples have no test split: there is nothing to evaluate on.',
    remedy: 'Give ExampleGen a share for the test split (splits: train 8, eval 1, test 1), or a test folder.',
  },
  EVALUATION_LABEL_UNKNOWN: {
    status: 422,
    when: 'a test photo carries a label that the evaluated model does not know',
    message: '{filename} is labelled "{label}", which the model does not know. It knows: {known}.',
    remedy: 'Correct the label, or train a model on photos that have it.',
  },
  EVALUATION_PHOTOS_REFUSED: {
    status: 422,
    when: '"mitate evaluate" is given photos that ExampleGen refuses',
    message: '{images}: {code}: {message}',
    remedy: '{remedy}',
  },
  EVALUATION_VALUE_THRESHOLD: {
    status: 422,
    when: "a metric is beyond the Evaluator's value threshold; named in the blessing, the run goes on",
    message: '{check}',
    remedy:
      'Look at the report: worst mistakes, suspicious labels, weak slices. More or cleaner photos of those help most.',
  },
  EVALUATION_CHANGE_THRESHOLD: {
    status: 422,
    when: 'a metric changed against the baseline by more than allowed; named in the blessing, the run goes on',
    message: '{check}',
    remedy:
      'Compare the two reports. Push only if the change is meant; then relax the change threshold in the pipeline.',
  },
});
