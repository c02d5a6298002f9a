import { dictionary } from './texts.ts';

export const paletteTexts = dictionary(
  {
    kinds: {
      endpoint: 'Endpoint',
      model: 'Model',
      pipeline: 'Pipeline',
      run: 'Run',
      monitor: 'Monitor',
      alert: 'Alert',
      trigger: 'Trigger',
      promotion: 'Promotion',
      prediction: 'Prediction',
      photo: 'Photo',
    },
    of: (kind: string, detail: string) => `${kind} · ${detail}`,
    searching: 'Searching…',
  },
  {
    kinds: {
      endpoint: 'エンドポイント',
      model: 'モデル',
      pipeline: 'パイプライン',
      run: '学習',
      monitor: 'モニター',
      alert: 'アラート',
      trigger: 'トリガー',
      promotion: '昇格',
      prediction: '予測',
      photo: '写真',
    },
    of: (kind, detail) => `${kind} · ${detail}`,
    searching: '検索中…',
  },
);
