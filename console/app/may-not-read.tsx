import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMay, useMe } from './session.tsx';
import { shellTexts } from './shell-texts.ts';
import { useTexts } from './texts.ts';

/** Who may ask for predictions and nothing else goes to Diagnose. */
export function MayNotRead() {
  const texts = useTexts(shellTexts);
  const may = useMay();
  const { endpoints } = useMe();
  const { pathname } = useLocation();
  const [only] = endpoints;
  const target = pathname === '/' && endpoints.length === 1 && only !== undefined ? addressOf(only) : null;
  useEffect(() => {
    // another page, not a screen of this one
    if (target !== null) location.replace(target);
  }, [target]);
  if (target !== null) return null;
  if (!may('predict'))
    return (
      <div className="stack">
        <p>{texts.mayNot}</p>
        <p className="quiet">{texts.mayNotRemedy}</p>
      </div>
    );
  return (
    <div className="stack">
      {pathname !== '/' && <p>{texts.mayNot}</p>}
      {endpoints.length > 0 ? (
        <>
          <p>{texts.diagnoseWith}</p>
          <ul>
            {endpoints.map((name) => (
              <li key={name}>
                <a href={addressOf(name)}>{name}</a>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <p>{texts.noEndpoint}</p>
          <p className="quiet">{texts.noEndpointRemedy}</p>
        </>
      )}
    </div>
  );
}

const addressOf = (endpoint: string) => `/d/${encodeURIComponent(endpoint)}`;
