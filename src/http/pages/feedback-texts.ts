export type Language = 'en' | 'ja';

interface Texts {
  question: string;
  photo: string;
  notKept: string;
  sentAt(time: Date): string;
  /** Above the answer. */
  answered: string;
  right: string;
  wrong: string;
  /** With an answer shown, and without. */
  orSay: string;
  say: string;
  choose: string;
  send: string;
  /** Whether what was done after the answer helped. */
  outcome: string;
  helped: string;
  unchanged: string;
  worse: string;
  thanks: string;
  saved: string;
  failed: string;
  /** By error code; others have the catalogue's message and remedy. */
  errors: Record<string, string>;
}

export const dateIn = (language: Language, time: Date) =>
  `${time.toLocaleString(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })} UTC`;

/** Texts of the page behind a feedback link. */
export const feedbackTexts: Record<Language, Texts> = {
  en: {
    question: 'Was this answer right?',
    photo: 'The photo that was sent',
    notKept: 'The photo is not stored.',
    sentAt: (time) => `Sent on ${dateIn('en', time)}`,
    answered: 'The answer was',
    right: 'Right',
    wrong: 'Wrong',
    orSay: 'Or choose what the photo shows',
    say: 'What does the photo show?',
    choose: 'Choose …',
    send: 'Send',
    outcome: 'Did the treatment help?',
    helped: 'Yes, it helped',
    unchanged: 'No change',
    worse: 'It got worse',
    thanks: 'Thank you',
    saved: 'Your feedback was saved. You can change it with the same link.',
    failed: 'Something went wrong',
    errors: {
      INTERNAL: 'The error was logged. Please try again later.',
      FEEDBACK_LINK_INVALID:
        'This link is incomplete. Open it again from the message you received, or ask for a new one.',
      FEEDBACK_LINK_EXPIRED: 'This link has expired. Ask for a new one.',
      FEEDBACK_LINK_REVOKED: 'This link is no longer valid. Ask for a new one.',
      FEEDBACK_REQUEST_UNKNOWN: 'There is no record of this photo.',
      REVIEW_PHOTO_GONE: 'This photo was removed, and what was said about it with it.',
      QUEUE_FULL: 'The server is busy. Please try again in a minute.',
      HTTP_RATE_LIMITED: 'Too many requests. Please try again in a minute.',
    },
  },
  ja: {
    question: 'この判定は正しいですか？',
    photo: '送信された写真',
    notKept: '写真は保存されていません。',
    sentAt: (time) => `送信日時：${dateIn('ja', time)}`,
    answered: '判定結果',
    right: '正しい',
    wrong: '間違い',
    orSay: 'または、写っているものを選んでください',
    say: '写真には何が写っていますか？',
    choose: '選択してください',
    send: '送信',
    outcome: '処置の効果はありましたか？',
    helped: '効果があった',
    unchanged: '変わらない',
    worse: '悪くなった',
    thanks: 'ありがとうございました',
    saved: 'ご回答を保存しました。同じリンクから変更できます。',
    failed: 'エラーが発生しました',
    errors: {
      INTERNAL: 'エラーの内容は記録されました。しばらくしてからもう一度お試しください。',
      FEEDBACK_LINK_INVALID:
        'リンクが正しくありません。届いたメッセージからもう一度開くか、新しいリンクを依頼してください。',
      FEEDBACK_LINK_EXPIRED: 'リンクの有効期限が切れています。新しいリンクを依頼してください。',
      FEEDBACK_LINK_REVOKED: 'このリンクは無効になりました。新しいリンクを依頼してください。',
      FEEDBACK_REQUEST_UNKNOWN: 'この写真の記録が見つかりません。',
      REVIEW_PHOTO_GONE: 'この写真は削除されたため、判定も表示できません。',
      QUEUE_FULL: 'サーバーが混み合っています。しばらくしてからもう一度お試しください。',
      HTTP_RATE_LIMITED: 'アクセスが集中しています。しばらくしてからもう一度お試しください。',
    },
  },
};

/** Japanese for browsers that prefer it to English. @param header `Accept-Language` */
export function languageOf(header: string | undefined): Language {
  const wanted = (header ?? '').split(',').map((part, place) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean) ?? '1';
    return { language: tag.split('-')[0], weight: Number(weight), place };
  });
  const known = wanted.filter(({ language, weight }) => (language === 'ja' || language === 'en') && weight > 0);
  const [first] = known.toSorted((a, b) => b.weight - a.weight || a.place - b.place);
  return first?.language === 'ja' ? 'ja' : 'en';
}
