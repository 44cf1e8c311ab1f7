import { Skeleton } from "@kit/components/States";
import { useSpeech } from "../i18n";
import { lazy, Suspense } from "react";
import { isMessage } from "../call/voicemail";
import { SubscriberCard } from "../card/SubscriberCard";
import { Conversation } from "../conversation/Conversation";
import { Frame, Sections } from "../frame/Frame";
import { LinkBanner } from "../frame/LinkBanner";
import { useLive } from "../live/store";
import { DayFigures } from "../presence/DayFigures";
import { HandButton } from "../presence/HandButton";
import { PresenceMenu } from "../presence/PresenceMenu";
import { useSession } from "../session/session";
import { WrapUp } from "../wrapup/WrapUp";
import { useDesk } from "./desk";
import css from "./Desk.module.css";
import { Idle } from "./Idle";
import { useHints } from "./useHints";
import { WorkList } from "./WorkList";

const CallStage = lazy(() => import("../call/CallStage"));
const VoicemailStage = lazy(() => import("../call/VoicemailStage"));
const CallStrip = lazy(() => import("../call/CallStrip"));

/** The agent's desk: the list of work, the chosen contact, the person behind it. */
export function Desk() {
  const { t } = useSpeech();
  const { person } = useSession();
  const desk = useLive((state) => state.desk);
  const selected = useDesk((ui) => ui.selected);
  const late = useDesk((ui) => ui.late);
  const offerOpen = useDesk((ui) => Object.keys(ui.seen).some((id) => !ui.docked.includes(id)));
  const row = selected === null ? undefined : (desk?.work[selected] ?? late[selected]);
  const wrapping = row !== undefined && (row.state === "wrap_up" || !desk?.work[row.id]);
  const hints = useHints(row, wrapping, offerOpen);

  if (!desk) {
    return (
      <Frame hints={[]} middle={<span />}>
        <main className={css.waiting}>
          <Skeleton label={t("state.connecting")} lines={5} />
          <LinkBanner topic="me" />
        </main>
      </Frame>
    );
  }

  // A call goes on whatever is in the centre.
  const call = Object.values(desk.work).find(
    (item) => item.channel === "voice" && (item.state === "talking" || item.state === "dialling") && !isMessage(item),
  );
  const strip = call && call.id !== selected && <CallStrip row={call} />;
  const talks = Object.values(desk.work).filter((item) => item.state === "talking").length;
  return (
    <Frame
      hints={hints}
      middle={
        <>
          <PresenceMenu me={desk.me} talks={talks} />
          {person.role === "supervisor" ? (
            <Sections />
          ) : (
            <>
              <DayFigures />
              <HandButton since={desk.me.hand} contact={row?.id ?? null} />
            </>
          )}
        </>
      }
    >
      <div className={`${css.desk} ${row ? "" : css.alone}`} inert={offerOpen}>
        <WorkList desk={desk} />
        {!row ? (
          <Idle me={desk.me} />
        ) : (
          <>
            <main className={`${css.centre} ${strip ? css.beside : ""}`} data-region tabIndex={-1}>
              <Suspense fallback={<Skeleton label={t("state.loading")} lines={4} />}>
                {strip}
                {wrapping ? (
                  <WrapUp key={row.id} row={row} late={!desk.work[row.id]} />
                ) : isMessage(row) ? (
                  <VoicemailStage key={row.id} row={row} />
                ) : row.channel === "voice" ? (
                  <CallStage key={row.id} row={row} />
                ) : (
                  <Conversation key={row.id} row={row} />
                )}
              </Suspense>
            </main>
            <SubscriberCard key={row.id} row={row} />
          </>
        )}
      </div>
    </Frame>
  );
}
