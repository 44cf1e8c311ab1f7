import type { TransferTarget } from "@kit/api";
import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Icon } from "@kit/components/Icon";
import menuCss from "@kit/components/Menu.module.css";
import { Modal } from "@kit/components/Modal";
import { newId } from "@kit/ids";
import type { WorkItem } from "@kit/live-types";
import { useState } from "react";
import { Header, ListBoxItem, ListBoxSection } from "react-aria-components";
import { useNames } from "../config/config";
import css from "../conversation/TransferDialog.module.css";
import { TargetPicker, targetOf } from "../conversation/TargetPicker";
import { useTargets } from "../conversation/useTargets";
import { useSpeech } from "../i18n";
import { useCommand } from "../session/useCommand";

/** Ask somebody into the call: a colleague, whoever of a queue is free, an outside number. One press does it. */
export default function ConsultDialog({ row, onClose }: { row: WorkItem; onClose: () => void }) {
  const { t, name } = useSpeech();
  const names = useNames();
  const targets = useTargets("voice");
  const [number, setNumber] = useState("");
  // The same number pressed again after a lost answer is the same wish.
  const [id, setId] = useState(newId);
  const { run, busy } = useCommand();

  const consult = async (to: TransferTarget | { number: string; id: string }) => {
    if (busy) return;
    if (await run(() => api.post(`/contacts/${row.id}/call/consult`, { to }))) onClose();
    else void targets.refetch();
  };
  return (
    <Modal title={t("consult.title")} closeLabel={t("state.close")} onClose={onClose}>
      <div className={css.form}>
        <TargetPicker
          targets={targets}
          label={t("consult.whom")}
          search={t("consult.search")}
          about={(colleague) => names.team(colleague.team)}
          onAction={(key) => void consult(targetOf(String(key)))}
        >
          <ListBoxSection>
            <Header className={menuCss.heading ?? ""}>{t("consult.queues")}</Header>
            {targets.queues.map((queue) => (
              <ListBoxItem key={queue.id} id={`queue:${queue.id}`} className={menuCss.item ?? ""} textValue={name(queue.name)}>
                <Icon name="list" size="s" />
                <span className="grow cut">{name(queue.name)}</span>
              </ListBoxItem>
            ))}
          </ListBoxSection>
        </TargetPicker>
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
