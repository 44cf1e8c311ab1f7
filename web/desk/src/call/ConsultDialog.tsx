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
import { newId } from "@kit/ids";
import type { WorkItem } from "@kit/live-types";
import { useState } from "react";
import { Autocomplete, Header, Input, Label, ListBox, ListBoxItem, ListBoxSection, SearchField, useFilter } from "react-aria-components";
import { useNames } from "../config/config";
import css from "../conversation/TransferDialog.module.css";
import { useTargets, type TargetState } from "../conversation/useTargets";
import { useSpeech } from "../i18n";
import { refusalText, useCommand } from "../session/useCommand";

const STATES: Record<TargetState, StateName> = { free: "available", busy: "talking", away: "offline" };
const ORDER: TargetState[] = ["free", "busy", "away"];

/** Ask somebody into the call: a colleague, whoever of a queue is free, an outside number. One press does it. */
export default function ConsultDialog({ row, onClose }: { row: WorkItem; onClose: () => void }) {
  const speech = useSpeech();
  const { t, name } = speech;
  const names = useNames();
  const { contains } = useFilter({ sensitivity: "base" });
  const targets = useTargets("voice");
  const [number, setNumber] = useState("");
  // The same number pressed again after a lost answer is the same wish.
  const [id, setId] = useState(newId);
  const { run, busy } = useCommand();

  const consult = async (to: { agent: string } | { queue: string } | { number: string; id: string }) => {
    if (busy) return;
    if (await run(() => api.post(`/contacts/${row.id}/call/consult`, { to }))) onClose();
    else void targets.refetch();
  };
  const choose = (key: string) => {
    const [kind, ...rest] = key.split(":");
    const chosen = rest.join(":");
    void consult(kind === "agent" ? { agent: chosen } : { queue: chosen });
  };
  const colleagues = ORDER.flatMap((state) => targets.colleagues.filter((colleague) => colleague.state === state));

  return (
    <Modal title={t("consult.title")} closeLabel={t("state.close")} onClose={onClose}>
      <div className={css.form}>
        <Autocomplete filter={contains}>
          <SearchField autoFocus className={css.search ?? ""}>
            <Label className="vh">{t("consult.search")}</Label>
            <Icon name="search" size="s" />
            <Input className={field.field ?? ""} placeholder={t("consult.search")} />
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
              aria-label={t("consult.whom")}
              onAction={(key) => choose(String(key))}
              renderEmptyState={() => <p className={css.none}>{t("transfer.none")}</p>}
            >
              <ListBoxSection>
                <Header className={menuCss.heading ?? ""}>{t("transfer.colleagues")}</Header>
                {colleagues.map((colleague) => {
                  const who = names.person(colleague.id) || colleague.display_name;
                  const team = names.team(colleague.team);
                  return (
                    <ListBoxItem
                      key={colleague.id}
                      id={`agent:${colleague.id}`}
                      className={menuCss.item ?? ""}
                      textValue={`${who} ${team}`}
                      isDisabled={colleague.state === "away"}
                    >
                      <Avatar name={who} small />
                      <span className="grow cut">
                        <b className="strong">{who}</b> <small>{team}</small>
                      </span>
                      <Pill state={STATES[colleague.state]}>{t(`transfer.${colleague.state}`)}</Pill>
                    </ListBoxItem>
                  );
                })}
              </ListBoxSection>
              <ListBoxSection>
                <Header className={menuCss.heading ?? ""}>{t("consult.queues")}</Header>
                {targets.queues.map((queue) => (
                  <ListBoxItem key={queue.id} id={`queue:${queue.id}`} className={menuCss.item ?? ""} textValue={name(queue.name)}>
                    <Icon name="list" size="s" />
                    <span className="grow cut">{name(queue.name)}</span>
                  </ListBoxItem>
                ))}
              </ListBoxSection>
            </ListBox>
          )}
        </Autocomplete>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (number.trim()) void consult({ number: number.trim(), id });
          }}
        >
          <label className={field.label} htmlFor="consult-number">
            {t("consult.number")}
          </label>
          <div className="row">
            <input
              id="consult-number"
              className={`${field.field} grow num`}
              type="tel"
              autoComplete="off"
              maxLength={40}
              value={number}
              onChange={(event) => {
                setNumber(event.target.value);
                setId(newId());
              }}
            />
            <Button type="submit" look="primary" icon="phone" isDisabled={number.trim().length < 2} isPending={busy}>
              {t("consult.dial")}
            </Button>
          </div>
        </form>
        <p className="xs muted">{t("consult.hint")}</p>
      </div>
    </Modal>
  );
}
