import { dictionary } from '../../app/texts.ts';

export const chartTexts = dictionary(
  { name: 'Name', time: 'Time', value: 'Value', low: 'Low', high: 'High', from: 'From', to: 'To' },
  { name: '名前', time: '時刻', value: '値', low: '下限', high: '上限', from: '以上', to: '未満' },
);
