import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Pill } from "@kit/components/Pill";
import type { StateName } from "@kit/icon-names";
import type { WorkItem } from "@kit/live-types";
import { useEffect, useEffectEvent, useRef } from "react";
import { useNames } from "../config/config";
import { useSpeech, type DeskSpeech } from "../i18n";
import { toast } from "../i18n/toast";
import { useCommand } from "../session/useCommand";
import css from "./CallStage.module.css";
import { circleOf, newlyGone, type Gone, type Guest } from "./guests";
import { useLine } from "./line-store";

const STATES: Record<Guest["state"], StateName> = { ringing: "offered", talking: "talking", lost: "offline" };
const NONE: Guest[] = [];

/** Who else is in the call, who hears whom, and what can be done about it. */
export function GuestStrip({ row }: { row: WorkItem }) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const { run, busy } = useCommand();
  const standing = useLine((state) => (state.contact === row.id ? state.standing : null));
  const guests = standing?.guests ?? NONE;
  const circle = circleOf(standing);
  // What was gone before this strip came is no news; null until the first word of the call.
  const seen = useRef<number | null>(null);
  // Whom the agent let go has not failed to answer.
  const released = useRef(new Set<string>());
  const nameOf = (guest: Guest | Gone, { t }: DeskSpeech) =>
    guest.kind === "number" ? t("guest.number", { tail: guest.tail }) : names.person(guest.id) || t("why.colleague");

  const changed = useEffectEvent((gone: Gone[]) => {
    for (const guest of newlyGone(gone, seen.current ?? 0)) {
      const news = seen.current !== null && !(guest.why === "left" && released.current.has(guest.id));
      if (news) toast((to) => to.t(`guest.gone.${guest.why}`, { name: nameOf(guest, to) }), guest.why === "left" ? "undo" : "alert");
    }
    seen.current = gone.at(-1)?.n ?? seen.current ?? 0;
  });
  useEffect(() => {
    if (standing) changed(standing.gone);
  }, [standing]);

  if (guests.length === 0) return null;
  const path = `/contacts/${row.id}/call`;
  const act = (action: string) => () => void run(() => api.post(path, { action }));
  const handOver = (guest: Guest) => run(() => api.post(`${path}/hand-over`, { guest: guest.kind === "number" ? null : guest.id }));
  const release = async (guest: Guest) => {
    released.current.add(guest.id);
    if (!(await run(() => api.post(`${path}/part`, { guest: guest.id })))) released.current.delete(guest.id);
  };
  const apart = circle === "alone" || circle === "subscriber";
  return (
    <section className={css.guests} aria-label={t("guest.title")}>
      <ul>
        {guests.map((guest) => {
          const name = nameOf(guest, speech);
          const supervises = guest.kind === "supervisor"; // comes unasked: nobody waits for an answer
          return (
            <li key={guest.id}>
              <Pill state={STATES[guest.state]}>
                {t(guest.state === "ringing" && !supervises ? "guest.ringing" : guest.state === "lost" ? "guest.lost" : `guest.mode.${guest.mode}`)}
              </Pill>
              <b className="strong cut grow">{supervises ? t("guest.supervisor", { name }) : name}</b>
              {!supervises && (
                <>
                  <Button
                    icon="transfer"
                    aria-label={t("guest.handOverTo", { name })}
                    isDisabled={guest.state !== "talking" || busy}
                    onPress={() => void handOver(guest)}
                  >
                    {t("guest.handOver")}
                  </Button>
                  <Button icon="x" aria-label={t("guest.releaseWho", { name })} isDisabled={busy} onPress={() => void release(guest)}>
                    {t("guest.release")}
                  </Button>
                </>
              )}
            </li>
          );
        })}
      </ul>
      {circle && (
        <div className={css.circle}>
          <p className="sm grow" role="status">
            {t(circle === "ringing" ? (standing?.held ? "guest.circle.ringing" : "guest.circle.waiting") : `guest.circle.${circle}`)}
          </p>
          {standing?.held && (
            <Button icon="phone" isDisabled={busy} onPress={act("resume")}>
              {t("guest.toSubscriber")}
            </Button>
          )}
          {circle === "subscriber" && (
            <Button icon="user" isDisabled={busy} onPress={act("hold")}>
              {t("guest.toGuest")}
            </Button>
          )}
          {apart && (
            <Button look="primary" icon="plus" isDisabled={busy} onPress={act("merge")}>
              {t("guest.together")}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
