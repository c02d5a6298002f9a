export type Language = 'en' | 'ja';

interface Texts {
  question: string;
  photo: string;
  /** Before the answer, which stands on its own line. */
  answered: string;
  right: string;
  wrong: string;
  /** Under an answer, and without one. */
  orSay: string;
  say: string;
  choose: string;
  send: string;
  thanks: string;
  noted: string;
  failed: string;
  /** By error code; others are told in the catalogue's words. */
  errors: Record<string, string>;
}

/** What the page behind a signed link says. */
export const feedbackTexts: Record<Language, Texts> = {
  en: {
    question: 'Was this answer right?',
    photo: 'The photo that was sent',
    answered: 'The answer was',
    right: 'Right',
    wrong: 'Wrong',
    orSay: 'Or say what it shows',
    say: 'What does the photo show?',
    choose: 'Choose …',
    send: 'Send',
    thanks: 'Thank you',
    noted: 'Your word was noted. You may change it by the same link.',
    failed: 'This did not work',
    errors: {
      INTERNAL: 'Something went wrong; it is in the log.',
      FEEDBACK_LINK_INVALID:
        'This link is not complete. Open it again from the message that it came in, or ask for a new one.',
      FEEDBACK_LINK_EXPIRED: 'This link is over. Ask for a new one.',
    },
  },
  ja: {
    question: 'この回答は正しいですか？',
    photo: '送られた写真',
    answered: '回答',
    right: '正しい',
    wrong: '間違い',
    orSay: 'または、写っているものを選んでください',
    say: '何が写っていますか？',
    choose: '選択してください',
    send: '送信',
    thanks: 'ありがとうございました',
    noted: 'ご回答を記録しました。同じリンクから変更できます。',
    failed: 'うまくいきませんでした',
    errors: {
      INTERNAL: 'エラーが起きました。内容はログに記録されています。',
      FEEDBACK_LINK_INVALID:
        'リンクが正しくありません。届いたメッセージからもう一度開くか、新しいリンクを依頼してください。',
      FEEDBACK_LINK_EXPIRED: 'リンクの有効期限が切れました。新しいリンクを依頼してください。',
      FEEDBACK_REQUEST_UNKNOWN: 'この写真の記録は見つかりません。',
      HTTP_RATE_LIMITED: 'アクセスが集中しています。しばらくしてからもう一度お試しください。',
    },
  },
};

/** Japanese for those who ask for it before English. @param header `Accept-Language` */
export function languageOf(header: string | undefined): Language {
  const wanted = (header ?? '').split(',').map((part) => {
    const [tag = '', ...more] = part.trim().toLowerCase().split(';');
    const weight = more.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean);
    return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) };
  });
  const weightOf = (language: Language) =>
    Math.max(0, ...wanted.filter((each) => each.language === language).map(({ weight }) => weight));
  return weightOf('ja') > 0 && firstIsJapanese(wanted, weightOf) ? 'ja' : 'en';
}

/** Of equal weight what is named first counts. */
function firstIsJapanese(
  wanted: { language: string | undefined }[],
  weightOf: (language: Language) => number,
): boolean {
  if (weightOf('ja') !== weightOf('en')) return weightOf('ja') > weightOf('en');
  return wanted.find(({ language }) => language === 'ja' || language === 'en')?.language === 'ja';
}
