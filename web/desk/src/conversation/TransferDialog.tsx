import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Icon } from "@kit/components/Icon";
import menuCss from "@kit/components/Menu.module.css";
import { Modal } from "@kit/components/Modal";
import type { WorkItem } from "@kit/live-types";
import { useState } from "react";
import { Header, ListBoxItem, ListBoxSection, type Selection } from "react-aria-components";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { estimateText } from "../i18n/estimate";
import { useCommand } from "../session/useCommand";
import { whoIs } from "../work/labels";
import { TargetPicker, targetOf } from "./TargetPicker";
import { useTargets } from "./useTargets";
import css from "./TransferDialog.module.css";

/** From this level of 5 a skill is told beside the name. */
const STRONG = 4;

/** Hand the contact over to a colleague, a queue or a skill; place, wait and history go along. */
export function TransferDialog({ row, onClose }: { row: WorkItem; onClose: () => void }) {
  const speech = useSpeech();
  const { t, name } = speech;
  const names = useNames();
  const targets = useTargets(row.channel);
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const { run, busy } = useCommand();

  const transfer = async () => {
    if (!chosen || busy) return;
    const body = { to: targetOf(chosen), ...(note.trim() ? { note: note.trim() } : {}) };
    if (await run(() => api.post(`/contacts/${row.id}/transfer`, body))) onClose();
    else void targets.refetch();
  };
  const line = (queue: (typeof targets.queues)[number]) => {
    if (!queue.open) return t("transfer.closed");
    const wait = queue.estimate ? estimateText(speech, queue.estimate) : null;
    return [t("transfer.waiting", { n: queue.waiting }), wait].filter(Boolean).join(" · ");
  };
  const strong = (skills: Record<string, number>) =>
    Object.entries(skills)
      .filter(([, level]) => level >= STRONG)
      .map(([skill]) => names.skill(skill))
      .join(", ");

  return (
    <Modal title={t("transfer.title", { who: whoIs(row, speech, names) })} closeLabel={t("state.close")} onClose={onClose}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void transfer();
        }}
      >
        <TargetPicker
          targets={targets}
          label={t("transfer.to")}
          search={t("transfer.search")}
          about={(colleague) => [names.team(colleague.team), strong(colleague.skills)].filter(Boolean).join(" · ")}
          selectionMode="single"
          selectedKeys={chosen ? [chosen] : []}
          onSelectionChange={(keys: Selection) => {
            const [key] = keys === "all" ? [] : keys;
            setChosen(key === undefined ? null : String(key));
          }}
        >
          <ListBoxSection>
            <Header className={menuCss.heading ?? ""}>{t("transfer.queues")}</Header>
            {targets.queues.map((queue) => (
              <ListBoxItem
                key={queue.id}
                id={`queue:${queue.id}`}
                className={menuCss.item ?? ""}
                textValue={name(queue.name)}
                isDisabled={!queue.open}
              >
                <Icon name={queue.open ? "list" : "lock"} size="s" />
                <span className="grow cut">{name(queue.name)}</span>
                <small className="num">{line(queue)}</small>
              </ListBoxItem>
            ))}
          </ListBoxSection>
          <ListBoxSection>
            <Header className={menuCss.heading ?? ""}>{t("transfer.skills")}</Header>
            {targets.skills.map((skill) => (
              <ListBoxItem
                key={skill.id}
                id={`skill:${skill.id}`}
                className={menuCss.item ?? ""}
                textValue={name(skill.name)}
                isDisabled={skill.present === 0}
              >
                <Icon name="star" size="s" />
                <span className="grow cut">{name(skill.name)}</span>
                <small className="num">
                  {skill.present === 0 ? t("transfer.nobody") : t("transfer.able", { free: skill.free, n: skill.present })}
                </small>
              </ListBoxItem>
            ))}
          </ListBoxSection>
        </TargetPicker>
        <div>
          <label className={field.label} htmlFor="transfer-note">
            {t("transfer.note")}
          </label>
          <textarea
            id="transfer-note"
            className={`${field.field} ${field.area}`}
            rows={2}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <p className="xs muted hint">{t(row.channel === "voice" ? "transfer.keepsCall" : "transfer.keeps")}</p>
        </div>
        <div className="row">
          <Button type="submit" look="primary" icon="transfer" isDisabled={!chosen} isPending={busy}>
            {t("chat.transfer")}
          </Button>
          <Button onPress={onClose}>{t("transfer.stay")}</Button>
        </div>
      </form>
    </Modal>
  );
}
