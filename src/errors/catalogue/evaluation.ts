import { defineErrors } from '../define-errors.ts';

export const evaluationErrors = defineErrors({
  EVALUATION_NO_TEST_SPLIT: {
    status: 422,
    when: 'the Evaluator gets examples without a test split',
    message: 'Evaluator: the examples have no test split.',
    remedy: 'Give ExampleGen a share for the test split (splits: train 8, eval 1, test 1), or a test folder.',
  },
  EVALUATION_LABEL_UNKNOWN: {
    status: 422,
    when: 'a test photo has a label that the evaluated model lacks',
    message: '{filename} has label "{label}", which the model lacks. Its labels: {known}.',
    remedy: 'Correct the label, or train a model on photos that have it.',
  },
  EVALUATION_PHOTOS_REFUSED: {
    status: 422,
    when: '"mitate evaluate" is given photos that ExampleGen rejects',
    message: '{images}: {code}: {message}',
    remedy: '{remedy}',
  },
  EVALUATION_VALUE_THRESHOLD: {
    status: 422,
    when: "a metric violates the Evaluator's value threshold; recorded in the blessing, the run continues",
    message: '{check}',
    remedy:
      'See the report: worst mistakes, suspicious labels, weak slices. More or cleaner photos of those help most.',
  },
  EVALUATION_CHANGE_THRESHOLD: {
    status: 422,
    when: 'a metric changed against the baseline by more than allowed; recorded in the blessing, the run continues',
    message: '{check}',
    remedy: 'Compare the two reports. If the change is intended, relax the change threshold in the pipeline.',
  },
});
