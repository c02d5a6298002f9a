import '../style/tokens.css';
import '../style/base.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from '../../src/client/index.ts';
import { show } from './choices.ts';
import { router } from './routes.ts';

/** What another try does not mend. */
const isFinal = (error: unknown) => error instanceof ApiError && error.status < 500 && error.status !== 429;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (tries, error) => !isFinal(error) && tries < 2,
      // hints of the server say when something changed: app/live.ts
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // the server may be on this machine, which has no other network
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

show();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
