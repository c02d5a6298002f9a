import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { ApiError } from '../../../src/client/index.ts';
import { chooseProject, chosenProject, client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { TabRow } from '../../parts/tab-row.tsx';
import { signInTexts } from './texts.ts';
import './sign-in.css';

/** The product's name as it is written in Japanese. */
const mark = '見立て';

const route = getRouteApi('/sign-in');

export function Screen() {
  const texts = useTexts(signInTexts);
  const [how, setHow] = useState<'person' | 'key'>('key');
  return (
    <main className="sign-in">
      <p className="sign-in-name" lang="ja" aria-hidden="true">
        {mark}
      </p>
      <h1>{texts.title}</h1>
      <p className="quiet">{texts.lead}</p>
      <TabRow
        label={texts.how}
        value={how}
        onChange={setHow}
        tabs={[
          { value: 'key', text: texts.key },
          { value: 'person', text: texts.person },
        ]}
      />
      {how === 'key' ? <WithKey /> : <AsPerson />}
      <ByLink />
      <AtProvider />
    </main>
  );
}

/** The address that `mitate up` prints: its token is behind a `#`, which is sent to no server and no log. */
function ByLink() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const texts = useTexts(signInTexts);
  const [isRefused, setRefused] = useState(false);
  useEffect(() => {
    const token = location.hash.slice(1);
    if (token === '') return;
    history.replaceState(history.state, '', location.pathname);
    client.sessions.signInByLink(token).then(
      async () => {
        queries.clear();
        await navigate({ to: '/', replace: true });
      },
      () => setRefused(true),
    );
  }, [queries, navigate]);
  if (!isRefused) return null;
  return (
    <div className="fault" role="alert">
      <p className="fault-message">{texts.linkUsed}</p>
      <p>{texts.linkRemedy}</p>
    </div>
  );
}

function AtProvider() {
  const texts = useTexts(signInTexts);
  const { to } = route.useSearch();
  const { basepath } = useRouter();
  const { data } = useQuery({ queryKey: ['sign-in'], queryFn: () => client.sessions.options() });
  if (!data?.provider) return null;
  const returnTo = to?.startsWith('/d/') || basepath === '/' ? (to ?? '/') : `${basepath}${to ?? ''}`;
  const query = new URLSearchParams({ returnTo });
  return (
    <>
      <p className="sign-in-or quiet small">{texts.or}</p>
      <a className="button" href={`/api/v1/sessions/oidc?${query}`}>
        {texts.provider}
      </a>
    </>
  );
}

/** Signs in, then goes where the visitor was on the way to. */
function useSignIn(ask: () => Promise<unknown>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { to } = route.useSearch();
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    setError(null);
    try {
      await ask();
      queries.clear();
      // Diagnose is a page of its own
      if (to?.startsWith('/d/')) location.replace(to);
      else await navigate({ to: to ?? '/', replace: true });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setPending(false);
    }
  };
  return { submit, isPending, error };
}

function WithKey() {
  const texts = useTexts(signInTexts);
  const [key, setKey] = useState('');
  const { submit, isPending, error } = useSignIn(() => client.sessions.signInWithKey(key.trim()));
  return (
    <form className="stack" onSubmit={submit}>
      <TextField
        label={texts.keyLabel}
        hint={texts.keyHint}
        type="password"
        autoComplete="off"
        spellCheck={false}
        required
        value={key}
        onChange={({ target }) => setKey(target.value)}
      />
      {error !== null && <Fault error={error} />}
      <Button kind="main" type="submit" pending={isPending}>
        {texts.signIn}
      </Button>
    </form>
  );
}

/** The code is asked for once the server says that the person has a second factor. */
function AsPerson() {
  const texts = useTexts(signInTexts);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const { submit, isPending, error } = useSignIn(async () => {
    const { user } = await client.sessions.signIn(
      name.trim(),
      password,
      code === '' ? undefined : code.replace(/\s/g, ''),
    );
    const own = Object.keys(user.roles).sort();
    if (!own.includes(chosenProject() ?? 'default')) chooseProject(own[0] ?? null);
  });
  const needsCode = error instanceof ApiError && /^SIGN_IN_CODE_/.test(error.code);
  return (
    <form className="stack" onSubmit={submit}>
      <TextField
        label={texts.name}
        autoComplete="username"
        autoCapitalize="none"
        required
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <TextField
        label={texts.password}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={({ target }) => setPassword(target.value)}
      />
      {(needsCode || code !== '') && (
        <TextField
          label={texts.code}
          hint={texts.codeHint}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={({ target }) => setCode(target.value)}
        />
      )}
      {error !== null && <Fault error={error} />}
      <Button kind="main" type="submit" pending={isPending}>
        {texts.signIn}
      </Button>
    </form>
  );
}
