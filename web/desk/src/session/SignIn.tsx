import type { Session } from "@kit/api";
import { ApiError, api } from "@kit/client";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Logo } from "@kit/components/Icon";
import { NoteBox } from "@kit/components/Pill";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SyntheticEvent } from "react";
import { useLocation } from "wouter";
import { LanguageSwitch } from "../frame/LanguageSwitch";
import { useSpeech } from "../i18n";
import { ownDesk } from "../work/desk";
import { adopt, SESSION_KEY } from "./session";
import css from "./SignIn.module.css";

/** Seconds until the server will look at another try; counts down on its own. */
function useWait(error: Error | null): number {
  const [left, setLeft] = useState(0);
  const [seen, setSeen] = useState<Error | null>(null);
  if (error !== seen) {
    setSeen(error);
    setLeft(error instanceof ApiError && error.status === 429 ? Math.ceil(error.retryAfter ?? 30) : 0);
  }
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return left;
}

export function SignIn() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [path, navigate] = useLocation();
  const login = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const signIn = useMutation({
    mutationFn: (body: { login: string; password: string }) => api.post<Session>("/session", body),
    onSuccess: (session) => {
      // A supervisor's first page is the floor; the own desk is one click away.
      if (session.person.role === "supervisor" && path === "/") navigate("/floor", { replace: true });
      ownDesk(session.person.id);
      client.setQueryData(SESSION_KEY, adopt(session));
    },
    onError: () => password.current?.select(),
  });
  const wait = useWait(signIn.error);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    signIn.mutate({ login: login.current?.value.trim() ?? "", password: password.current?.value ?? "" });
  };

  const refused = () => {
    const error = signIn.error;
    if (!(error instanceof ApiError)) return null;
    if (error.status === 429) return wait > 0 ? t("signIn.wait", { n: wait }) : t("signIn.again");
    if (error.isNetwork) return t("signIn.offline");
    return error.status >= 500 ? t("signIn.broken") : t("signIn.wrong");
  };
  const problem = refused();

  return (
    <main className={css.page}>
      <form className={css.form} onSubmit={submit} aria-labelledby="sign-in">
        <header className="row">
          <Logo />
          <h1 id="sign-in">{t("signIn.title")}</h1>
          <span className="end">
            <LanguageSwitch />
          </span>
        </header>
        <div>
          <label className={field.label} htmlFor="login">
            {t("signIn.login")}
          </label>
          <input
            ref={login}
            id="login"
            name="login"
            className={field.field}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus
          />
        </div>
        <div>
          <label className={field.label} htmlFor="password">
            {t("signIn.password")}
          </label>
          <input
            ref={password}
            id="password"
            name="password"
            type="password"
            className={field.field}
            autoComplete="current-password"
            required
          />
        </div>
        {problem && (
          <NoteBox tone={wait > 0 ? "warn" : "bad"} icon={wait > 0 ? "clock" : "alert"} alert={wait === 0}>
            {problem}
          </NoteBox>
        )}
        <Button type="submit" look="primary" size="l" isDisabled={wait > 0} isPending={signIn.isPending}>
          {t("signIn.submit")}
        </Button>
      </form>
    </main>
  );
}
