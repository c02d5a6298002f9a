import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useLanguage } from './choices.ts';
import { shellTexts } from './shell-texts.ts';
import { useTexts } from './texts.ts';
import { waitingQuery } from './waiting.ts';

/** To the queue of photos, with how many wait. */
export function ReviewLink() {
  const texts = useTexts(shellTexts);
  const { data: count = 0 } = useQuery(waitingQuery());
  const number = new Intl.NumberFormat(useLanguage()).format(count);
  return (
    <Link to="/review" className="shell-review">
      {texts.places.review}
      {count > 0 && (
        <>
          <span className="shell-count" aria-hidden="true">
            {number}
          </span>
          <span className="visually-hidden">{texts.waiting(number)}</span>
        </>
      )}
    </Link>
  );
}
