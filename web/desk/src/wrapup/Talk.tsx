import { Skeleton } from "@kit/components/States";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { MessageView } from "../conversation/MessageView";
import { useMessages } from "../conversation/messages";
import { useSpeech } from "../i18n";
import { useLive } from "../live/store";
import { refusalText } from "../session/useCommand";
import css from "./WrapUp.module.css";

/** What was said, to look at while the result is written. */
export function Talk({ contact, language }: { contact: string; language: string }) {
  const speech = useSpeech();
  const [problem, setProblem] = useState<string | null>(null);
  const onError = useCallback((error: unknown) => setProblem(refusalText(speech, error)), [speech]);
  useMessages(contact, onError);
  const thread = useLive((state) => state.threads[contact]);
  const items = thread?.items.filter((message) => message.contact === contact) ?? [];
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [items.length]);
  return (
    <section className={css.talk} aria-labelledby="wrap-talk">
      <h2 id="wrap-talk">{speech.t("message.thread")}</h2>
      <div ref={box} tabIndex={0} role="group" aria-labelledby="wrap-talk">
        {!thread && (problem ? <p className="sm sub">{problem}</p> : <Skeleton label={speech.t("state.loading")} lines={3} />)}
        {items.map((message) => (
          <MessageView key={message.id} message={message} receipts={null} language={language} />
        ))}
      </div>
    </section>
  );
}
