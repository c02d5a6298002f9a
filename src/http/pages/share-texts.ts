import { dateIn, type Language } from './feedback-texts.ts';

interface Texts {
  photo: string;
  heat: string;
  heatAlt: string;
  refused: string;
  refusedWhy: string;
  uncertain: string;
  leaning(label: string, share: string): string;
  caveat: string;
  made(model: string, time: Date): string;
  until(time: Date): string;
}

/** Texts of the page of a shared diagnosis. */
export const shareTexts: Record<Language, Texts> = {
  en: {
    photo: 'The photo',
    heat: 'Where the model looked',
    heatAlt: 'The photo with warm colours where the model found what speaks for its answer',
    refused: 'No diagnosis',
    refusedWhy: 'The photo does not look like what the model knows.',
    uncertain: 'Uncertain',
    leaning: (label, share) => `Leaning to “${label}” (${share}), but not clearly enough to say so.`,
    caveat:
      'An estimate from a picture, not a laboratory finding. Before you treat or discard anything, ask somebody who can look at the plant.',
    made: (model, time) => `By ${model}, ${dateIn('en', time)}.`,
    until: (time) => `This page can be opened until ${dateIn('en', time)}.`,
  },
  ja: {
    photo: '写真',
    heat: '注目した場所',
    heatAlt: '判定の根拠となった場所を暖色で重ねた写真',
    refused: '判定できません',
    refusedWhy: 'モデルが学習した対象ではないようです。',
    uncertain: 'どちらとも言えません',
    leaning: (label, share) => `「${label}」寄り（${share}）ですが、言い切れるほどではありません。`,
    caveat: '写真による推定であり、検査の結果ではありません。処置や廃棄の前に、実物を見られる人に相談してください。',
    made: (model, time) => `${model}による判定、${dateIn('ja', time)}。`,
    until: (time) => `このページは${dateIn('ja', time)}まで開けます。`,
  },
};
