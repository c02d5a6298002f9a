import { dictionary } from '../../app/texts.ts';

/** Names of the metrics of an evaluation. */
export const metricTexts = dictionary(
  {
    auc: 'AUC',
    prAuc: 'Average precision',
    accuracy: 'Accuracy',
    balancedAccuracy: 'Balanced accuracy',
    precision: 'Precision',
    recall: 'Recall',
    f1: 'F1',
    brier: 'Brier score',
    nll: 'Log loss',
    ece: 'Calibration error',
  },
  {
    auc: 'AUC',
    prAuc: '平均適合率',
    accuracy: '正解率',
    balancedAccuracy: 'バランス正解率',
    precision: '適合率',
    recall: '再現率',
    f1: 'F1',
    brier: 'ブライアスコア',
    nll: '対数損失',
    ece: '較正誤差',
  },
);
