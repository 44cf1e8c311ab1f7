import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Pill } from "@kit/components/Pill";
import { keyText } from "@kit/keyboard";
import { useEffect } from "react";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useActions, useKeys } from "../keyboard/keys";
import { useLive } from "../live/store";
import { useCommand } from "../session/useCommand";
import { CallAlarm } from "./CallAlarm";
import css from "./HelpingCard.module.css";
import { acceptHelping, useHelping } from "./helping";
import { useLine, useLineModule } from "./line-store";

/** A colleague asks into a call, on whatever page; after a yes the little that a guest needs: microphone and a way out. */
export function HelpingCard() {
  const { t } = useSpeech();
  const names = useNames();
  const keys = useKeys();
  const { run, busy } = useCommand();
  const helping = useHelping();
  const known = useLive((state) => state.desk !== null);
  const over = known && helping === null;
  const module = useLineModule();
  const line = useLine((state) => state);
  const joined = helping?.joined === true;
  const mute = () => module?.setMuted(!line.muted);
  const join = () => helping && acceptHelping(helping.contact);
  // Asked into the same call once more, one answers once more.
  useEffect(() => {
    if (over) acceptHelping(null);
  }, [over]);
  useActions(
    !helping ? {} : joined ? { mute: () => (mute(), undefined) } : { acceptDocked: () => (join(), undefined) },
  );
  if (!helping) return null;

  const name = names.person(helping.agent) || t("why.colleague");
  const leave = () => void run(() => api.post(`/contacts/${helping.contact}/call/part`, { guest: null, why: joined ? "left" : "declined" }));
  const connected = line.leg === "connected" || line.leg === "phone";
  return (
    <section className={`${css.card} ${joined && connected ? css.joined : ""}`} aria-label={t("helping.title")} data-region tabIndex={-1}>
      {!joined && (
        <p className="vh" role="alert">
          {t("helping.told", { name, key: keyText(keys.acceptDocked) })}
        </p>
      )}
      <header>
        <Pill state={joined && connected ? "talking" : "offered"}>
          {t(!joined ? "helping.title" : connected ? "helping.talking" : "call.state.connecting")}
        </Pill>
      </header>
      <p className={css.who}>{joined ? t("helping.with", { name }) : t("helping.asks", { name })}</p>
      {joined && <CallAlarm contact={helping.contact} talking={false} />}
      <div className={css.actions}>
        {joined ? (
          <>
            <Button icon={line.muted ? "mic-off" : "mic"} chord={keys.mute} aria-pressed={line.muted} onPress={mute}>
              {t("call.mute")}
            </Button>
            <Button look="danger" icon="hangup" isPending={busy} onPress={leave}>
              {t("helping.leave")}
            </Button>
          </>
        ) : (
          <>
            <Button look="accept" chord={keys.acceptDocked} className={css.join} onPress={join}>
              {t("helping.join")}
            </Button>
            <Button isPending={busy} onPress={leave}>
              {t("helping.refuse")}
            </Button>
          </>
        )}
      </div>
    </section>
  );
}
