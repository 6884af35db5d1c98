import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { forgetKey, useKey } from "../account/key.ts";
import { forgetUser, useUser } from "../account/user.ts";
import { ClientContext, clientAs, clientFor } from "../api/client.ts";
import { isRefusal, isUnauthenticated } from "../api/problem.ts";
import { Masthead } from "./masthead.tsx";
import { OfflineBanner } from "./offline-banner.tsx";
import { SignIn } from "./sign-in.tsx";
import { StoppedBanner } from "./stopped-banner.tsx";

/** Tries of a read that did not reach the platform; after them the page says so, and goes on asking when it is back. */
const MAX_RETRIES = 3;

/** The frame of every view: who is signed in, where one can go, whether the platform can be reached. */
export function Shell() {
  const key = useKey();
  const user = useUser();
  const [refusal, setRefusal] = useState<unknown>(undefined);
  const signedIn = useMemo(() => {
    if (key === undefined && user === undefined) return undefined;
    const onUnauthenticated = (error: unknown) => {
      setRefusal(error);
      forgetUser();
      forgetKey();
    };
    const client = user === undefined ? clientFor(key ?? "") : clientAs(user);
    return { client, queries: newQueryClient(onUnauthenticated) };
  }, [key, user]);
  const signOut = () => {
    setRefusal(undefined);
    if (user !== undefined) window.location.assign(user.signOutAddress());
    forgetUser();
    forgetKey();
  };
  const signedOut = useMemo(() => newQueryClient(() => undefined), []);
  if (signedIn === undefined)
    return (
      <QueryClientProvider client={signedOut}>
        <SignIn wasRefused={refusal} />
      </QueryClientProvider>
    );
  return (
    <QueryClientProvider client={signedIn.queries}>
      <ClientContext value={signedIn.client}>
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded-lg focus:bg-panel focus:p-2"
        >
          Skip to the content
        </a>
        <Masthead onSignOut={signOut} />
        <OfflineBanner />
        <StoppedBanner />
        <Content />
      </ClientContext>
    </QueryClientProvider>
  );
}

/** The view itself. After going to another one, reading starts at its beginning. */
function Content() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus();
  }, [path]);
  return (
    <main ref={main} id="content" tabIndex={-1} className="mx-auto max-w-7xl px-4 py-6 sm:px-6">
      <Outlet />
    </main>
  );
}

function newQueryClient(onUnauthenticated: (error: unknown) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isUnauthenticated(error)) onUnauthenticated(error);
      },
    }),
    defaultOptions: {
      queries: { networkMode: "always", retry: (failures, error) => !isRefusal(error) && failures < MAX_RETRIES },
      mutations: { networkMode: "always" },
    },
  });
}
