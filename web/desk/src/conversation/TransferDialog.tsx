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
import { minutesRange } from "@kit/durations";
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
import { useConfig, useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { stateKey, stateOf } from "../presence/states";
import { useSession } from "../session/session";
import { useCommand } from "../session/useCommand";
import { whoIs } from "../work/labels";
import { useColleagues } from "./useColleagues";
import css from "./TransferDialog.module.css";

/** Keys of the list are "agent:id", "queue:id", "skill:id". */
function target(key: string): TransferTarget {
  const at = key.indexOf(":");
  const id = key.slice(at + 1);
  const kind = key.slice(0, at);
  if (kind === "agent") return { agent: id };
  return kind === "queue" ? { queue: id } : { skill: id, min: 1 };
}

/** Hand the contact over to a colleague, a queue or a skill; place, wait and history go along. */
export function TransferDialog({ row, onClose }: { row: WorkItem; onClose: () => void }) {
  const speech = useSpeech();
  const { t, name } = speech;
  const names = useNames();
  const { person } = useSession();
  const { contains } = useFilter({ sensitivity: "base" });
  const colleagues = useColleagues();
  const queues = useConfig("queue").data ?? [];
  const skills = useConfig("skill").data ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const { run, busy } = useCommand();

  const transfer = async () => {
    if (!chosen || busy) return;
    const body = { to: target(chosen), ...(note.trim() ? { note: note.trim() } : {}) };
    if (await run(() => api.post(`/contacts/${row.id}/transfer`, body))) onClose();
  };
  const wait = (estimate: [number, number] | null | undefined) => {
    if (!estimate) return null;
    const [low, high] = minutesRange(estimate);
    return high <= 1 ? t("estimate.soon") : t("estimate.range", { low, high });
  };

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
          {colleagues.isPending ? (
            <Skeleton label={t("state.loading")} />
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
                {colleagues.items
                  .filter((colleague) => colleague.id !== person.id)
                  .map((colleague) => (
                    <ListBoxItem
                      key={colleague.id}
                      id={`agent:${colleague.id}`}
                      className={menuCss.item ?? ""}
                      textValue={`${colleague.name} ${colleague.team}`}
                    >
                      <Avatar name={colleague.name} small />
                      <span className="grow cut">
                        <b className="strong">{colleague.name}</b> <small>{colleague.team}</small>
                      </span>
                      {colleague.doing && <Pill state={stateOf(colleague.doing)}>{t(stateKey(colleague.doing))}</Pill>}
                    </ListBoxItem>
                  ))}
              </ListBoxSection>
              <ListBoxSection>
                <Header className={menuCss.heading ?? ""}>{t("transfer.queues")}</Header>
                {queues
                  .filter((queue) => queue.body.channels.includes(row.channel))
                  .map((queue) => (
                    <ListBoxItem
                      key={queue.id}
                      id={`queue:${queue.id}`}
                      className={menuCss.item ?? ""}
                      textValue={name(queue.body.name)}
                    >
                      <Icon name="list" size="s" />
                      <span className="grow cut">{name(queue.body.name)}</span>
                      <small>{wait(colleagues.estimate(queue.id))}</small>
                    </ListBoxItem>
                  ))}
              </ListBoxSection>
              <ListBoxSection>
                <Header className={menuCss.heading ?? ""}>{t("transfer.skills")}</Header>
                {skills.map((skill) => (
                  <ListBoxItem
                    key={skill.id}
                    id={`skill:${skill.id}`}
                    className={menuCss.item ?? ""}
                    textValue={name(skill.body.name)}
                  >
                    <Icon name="star" size="s" />
                    <span className="grow cut">{name(skill.body.name)}</span>
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
