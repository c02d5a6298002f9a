import { dictionary, useTexts } from '../../app/texts.ts';

const noEvaluationTexts = dictionary(
  {
    none: 'This version has no evaluation.',
    remedy: 'Give its pipeline an Evaluator and run it again. What has not changed comes from the cache.',
  },
  {
    none: 'この版の評価はありません。',
    remedy:
      'パイプラインに Evaluator を加えて、もう一度実行してください。変わっていない部分はキャッシュから取り出します。',
  },
);

export function NoEvaluation() {
  const texts = useTexts(noEvaluationTexts);
  return (
    <div className="stack">
      <p>{texts.none}</p>
      <p className="quiet">{texts.remedy}</p>
    </div>
  );
}
