import type { TransferTarget } from "@kit/api";
import { api } from "@kit/client";
import { Avatar } from "@kit/components/Avatar";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Icon } from "@kit/components/Icon";
import menuCss from "@kit/components/Menu.module.css";
import { Modal } from "@kit/components/Modal";
import { Pill } from "@kit/components/Pill";
import { Skeleton } from "@kit/components/States";
import type { StateName } from "@kit/icon-names";
import type { WorkItem } from "@kit/live-types";
import { useState } from "react";
import {
  Autocomplete,
  Header,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  SearchField,
  useFilter,
  type Selection,
} from "react-aria-components";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { estimateText } from "../i18n/estimate";
import { refusalText, useCommand } from "../session/useCommand";
import { whoIs } from "../work/labels";
import { useTargets, type TargetState } from "./useTargets";
import css from "./TransferDialog.module.css";

/** Keys of the list are "agent:id", "queue:id", "skill:id". */
function target(key: string): TransferTarget {
  const at = key.indexOf(":");
  const id = key.slice(at + 1);
  const kind = key.slice(0, at);
  if (kind === "agent") return { agent: id };
  return kind === "queue" ? { queue: id } : { skill: id, min: 1 };
}

const STATES: Record<TargetState, StateName> = { free: "available", busy: "talking", away: "offline" };
/** From this level of 5 a skill is told beside the name. */
const STRONG = 4;

/** Hand the contact over to a colleague, a queue or a skill; place, wait and history go along. */
export function TransferDialog({ row, onClose }: { row: WorkItem; onClose: () => void }) {
  const speech = useSpeech();
  const { t, name } = speech;
  const names = useNames();
  const { contains } = useFilter({ sensitivity: "base" });
  const targets = useTargets(row.channel);
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const { run, busy } = useCommand();

  const transfer = async () => {
    if (!chosen || busy) return;
    const body = { to: target(chosen), ...(note.trim() ? { note: note.trim() } : {}) };
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
        <Autocomplete filter={contains}>
          <SearchField autoFocus className={css.search ?? ""}>
            <Label className="vh">{t("transfer.search")}</Label>
            <Icon name="search" size="s" />
            <Input className={field.field ?? ""} placeholder={t("transfer.search")} />
          </SearchField>
          {targets.isPending ? (
            <Skeleton label={t("state.loading")} />
          ) : targets.isError ? (
            <div className={css.none}>
              <p>{refusalText(speech, targets.error)}</p>
              <Button size="s" icon="retry" onPress={() => void targets.refetch()}>
                {t("message.retry")}
              </Button>
            </div>
          ) : (
            <ListBox
              className={css.list ?? ""}
              aria-label={t("transfer.to")}
              selectionMode="single"
              selectedKeys={chosen ? [chosen] : []}
              onSelectionChange={(keys: Selection) => {
                const [key] = keys === "all" ? [] : keys;
                setChosen(key === undefined ? null : String(key));
              }}
              renderEmptyState={() => <p className={css.none}>{t("transfer.none")}</p>}
            >
              <ListBoxSection>
                <Header className={menuCss.heading ?? ""}>{t("transfer.colleagues")}</Header>
                {targets.colleagues.map((colleague) => {
                  const who = names.person(colleague.id) || colleague.display_name;
                  const about = [names.team(colleague.team), strong(colleague.skills)].filter(Boolean).join(" · ");
                  return (
                    <ListBoxItem
                      key={colleague.id}
                      id={`agent:${colleague.id}`}
                      className={menuCss.item ?? ""}
                      textValue={`${who} ${about}`}
                      isDisabled={colleague.state === "away"}
                    >
                      <Avatar name={who} small />
                      <span className="grow cut">
                        <b className="strong">{who}</b> <small>{about}</small>
                      </span>
                      <Pill state={STATES[colleague.state]}>{t(`transfer.${colleague.state}`)}</Pill>
                    </ListBoxItem>
                  );
                })}
              </ListBoxSection>
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
            </ListBox>
          )}
        </Autocomplete>
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
          <p className="xs muted">{t("transfer.keeps")}</p>
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
