import type { Session } from "@kit/api";
import { Announcer } from "@kit/components/Announcer";
import { Button } from "@kit/components/Button";
import { Empty, Skeleton } from "@kit/components/States";
import { Toasts } from "@kit/components/Toasts";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect } from "react";
import { Redirect, Route, Switch } from "wouter";
import { HelpingCard } from "./call/HelpingCard";
import { useCallLine } from "./call/useCallLine";
import { CallOutDialog } from "./calling-out/CallOutDialog";
import { useCallOutcome } from "./calling-out/useCallOutcome";
import { useDelivery } from "./conversation/useDelivery";
import { CommandBar } from "./command/CommandBar";
import { useSections } from "./frame/Frame";
import { NoPage } from "./frame/NoPage";
import { useSpeech } from "./i18n";
import { HelpDialog } from "./keyboard/HelpDialog";
import { useGlobalKeys } from "./keyboard/useGlobalKeys";
import { useOwnKeys } from "./keyboard/keys";
import { useKeptFocus } from "./keyboard/useKeptFocus";
import { useLiveReturnToast } from "./live/useLiveReturnToast";
import { useLiveTopic } from "./live/store";
import { Offers } from "./offer/Offers";
import { SESSION_KEY, SessionContext, useCan, useSession, useSessionQuery } from "./session/session";
import { SignIn } from "./session/SignIn";
import { useAnnouncements } from "./work/announce";
import { followWork } from "./work/desk";
import { Desk } from "./work/Desk";
import css from "./App.module.css";

const FloorPage = lazy(() => import("./floor/FloorPage"));
const ContactsPage = lazy(() => import("./contacts/ContactsPage"));
const MenusRoutes = lazy(() => import("./menus/MenusRoutes"));
const ContactPage = lazy(() => import("./contacts/ContactPage"));

/** Routes, live connection and everything that may come over any page. */
function SignedIn() {
  const { t } = useSpeech();
  const can = useCan();
  const { person } = useSession();
  const sections = useSections();
  const client = useQueryClient();
  const onSessionEnded = useCallback(() => client.setQueryData(SESSION_KEY, null), [client]);
  useEffect(() => followWork(person.id), [person.id]);
  useLiveTopic("me", can("contact.handle"), onSessionEnded);
  useAnnouncements();
  useLiveReturnToast();
  useDelivery();
  useCallLine();
  useCallOutcome();
  useOwnKeys(person.id);
  useGlobalKeys();
  useKeptFocus();
  const home = sections[0]?.path;
  return (
    <>
      <Suspense fallback={<Skeleton label={t("state.loading")} lines={4} />}>
        <Switch>
          {can("contact.handle") && (
            <Route path="/">
              <Desk />
              <p className={css.narrow}>{t("desk.narrow")}</p>
            </Route>
          )}
          {can("floor.read") && (
            <Route path="/floor">
              <FloorPage />
            </Route>
          )}
          <Route path="/contacts">
            <ContactsPage />
          </Route>
          <Route path="/contacts/:id">{({ id }) => <ContactPage key={id} id={id} />}</Route>
          {can("config.write") && (
            <Route path="/menus/*?">
              <MenusRoutes />
            </Route>
          )}
          {home && home !== "/" ? (
            <Route>
              <Redirect to={home} replace />
            </Route>
          ) : (
            <Route>
              <NoPage />
            </Route>
          )}
        </Switch>
      </Suspense>
      <Offers />
      <HelpingCard />
      <CommandBar />
      <CallOutDialog />
      <HelpDialog />
      <Announcer />
    </>
  );
}

function Content({ session }: { session: Session | null }) {
  if (!session) return <SignIn />;
  return (
    <SessionContext value={session}>
      <SignedIn />
    </SessionContext>
  );
}

export function App() {
  const { t } = useSpeech();
  const session = useSessionQuery();
  return (
    <>
      {session.isPending ? (
        <Skeleton label={t("state.loading")} />
      ) : session.isError ? (
        <main className={css.middle}>
          <Empty icon="signal" title={t("state.noServer")}>
            <p className="sm sub" role="status">
              {t("state.noServerHint")}
            </p>
            <Button icon="retry" onPress={() => void session.refetch()}>
              {t("message.retry")}
            </Button>
          </Empty>
        </main>
      ) : (
        <Content session={session.data} />
      )}
      <Toasts label={t("frame.results")} closeLabel={t("state.close")} />
    </>
  );
}
