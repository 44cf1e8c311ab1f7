import { initials } from "@kit/components/Avatar";
import { Icon, StateGlyph } from "@kit/components/Icon";
import { Kbd } from "@kit/components/Kbd";
import { Pill } from "@kit/components/Pill";
import { Countdown, Timer } from "@kit/components/Timer";
import { ariaKeys } from "@kit/keyboard";
import type { WorkItem } from "@kit/live-types";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { stageOf } from "../call/line-state";
import { useLine } from "../call/line-store";
import { isMessage } from "../call/voicemail";
import { useKeys, type Action } from "../keyboard/keys";
import { useTyping } from "../conversation/useTyping";
import { aboutWhat, whoIs } from "./labels";
import css from "./WorkList.module.css";

interface WorkRowProps {
  row: WorkItem;
  place: number;
  active: boolean;
  late: boolean;
  onSelect: () => void;
}

function OnCall({ contact }: { contact: string }) {
  const { t } = useSpeech();
  const held = useLine((line) => line.contact === contact && stageOf(line) === "held");
  return <Pill state={held ? "hold" : "talking"}>{t(held ? "call.state.held" : "call.state.talking")}</Pill>;
}

function Meta({ row, late }: { row: WorkItem; late: boolean }) {
  const { t } = useSpeech();
  if (late) return <Pill state="offline">{t("work.late")}</Pill>;
  if (row.state === "wrap_up") {
    return (
      <Pill state="wrap">
        {t("work.wrap")} {row.deadline !== null && <Countdown until={row.deadline} />}
      </Pill>
    );
  }
  if (row.state === "dialling") return <Pill state="offered">{t("call.state.dialling")}</Pill>;
  if (isMessage(row)) return <Pill state="talking">{t("work.message")}</Pill>;
  if (row.channel === "voice") return <OnCall contact={row.id} />;
  if (row.awaiting_reply_since === null) return <span>{t("work.awaitingSubscriber")}</span>;
  return (
    <span className={css.due}>
      <Icon name="clock" size="s" />
      {t("work.awaitingReply")} <Timer since={row.awaiting_reply_since} />
    </span>
  );
}

export function WorkRow({ row, place, active, late, onSelect }: WorkRowProps) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const typing = useTyping(row.id);
  const keys = useKeys();
  const key = place <= 4 ? keys[`work${String(place)}` as Action] : undefined;
  const last = row.last_message;
  const said = last && (last.kind === "file" ? t("message.file") : last.text);
  const preview =
    row.state === "wrap_up" || late
      ? aboutWhat(row, names)
      : typing
        ? t("message.typing")
        : last?.author === "agent"
          ? t("work.you", { text: said ?? "" })
          : (said ?? aboutWhat(row, names));
  return (
    <button
      type="button"
      className={`${css.item} ${active ? css.active : ""}`}
      aria-current={active ? "true" : undefined}
      aria-keyshortcuts={key && ariaKeys(key)}
      onClick={onSelect}
    >
      <span className={`${css.channel} ${row.channel === "voice" ? css.voice : ""}`} aria-hidden="true">
        <Icon name={isMessage(row) ? "mic" : row.channel === "voice" ? "phone" : "chat"} size="s" />
        <span className={css.initials}>{initials(row.name) || "?"}</span>
      </span>
      <span className={css.body}>
        <span className={css.head}>
          <b className="cut">{whoIs(row, speech, names)}</b>
          <Timer since={row.since} className={css.since} />
        </span>
        <span className={css.preview}>{preview}</span>
        <span className={css.meta}>
          <Meta row={row} late={late} />
          {row.unread > 0 && (
            <span className={css.unread}>
              <span aria-hidden="true">{row.unread > 99 ? "99+" : row.unread}</span>
              <span className="vh">{t("work.unread", { n: row.unread })}</span>
            </span>
          )}
          {key && (
            <span className={css.key}>
              <Kbd chord={key} small />
            </span>
          )}
        </span>
      </span>
    </button>
  );
}

export function FreeCall() {
  const { t } = useSpeech();
  return (
    <p className={css.slot}>
      <Icon name="phone" size="s" />
      {t("work.noCall")}
    </p>
  );
}

export function FreeSlot({ free, max }: { free: number; max: number }) {
  const { t } = useSpeech();
  if (max === 0) return null;
  return (
    <p className={css.slot}>
      {free > 0 ? <Icon name="chat" size="s" /> : <StateGlyph state="talking" />}
      {free > 0 ? t("work.free", { n: free }) : t("work.full")}
    </p>
  );
}
