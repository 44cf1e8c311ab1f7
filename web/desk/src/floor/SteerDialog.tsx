import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Modal } from "@kit/components/Modal";
import type { FloorWaiting } from "@kit/live-types";
import { useState } from "react";
import { useConfig, useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { useCommand } from "../session/useCommand";
import css from "./Floor.module.css";

/** Move a waiting contact to another queue, or let it go sooner or later. */
export function SteerDialog({ row, onClose }: { row: FloorWaiting; onClose: () => void }) {
  const { t, name } = useSpeech();
  const names = useNames();
  const { run, busy } = useCommand();
  const queues = (useConfig("queue").data ?? []).filter((item) => item.body.channels.includes(row.channel));
  const [queue, setQueue] = useState(row.queue);
  const [priority, setPriority] = useState(String(row.priority));
  const minutes = Number(priority.replace(",", "."));
  const valid = priority.trim() !== "" && Number.isFinite(minutes) && Math.abs(minutes) <= 10_000;
  const moved = queue !== row.queue;
  const changed = valid && minutes !== row.priority;

  const save = async () => {
    const done = await run(async () => {
      if (changed) await api.post(`/contacts/${row.id}/prioritise`, { priority: minutes });
      if (moved) await api.post(`/contacts/${row.id}/move`, { queue });
    });
    if (done) onClose();
  };

  return (
    <Modal
      title={t("steer.title", { subject: names.reason(row.reason) || names.queue(row.queue) })}
      closeLabel={t("state.close")}
      onClose={onClose}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div>
          <label className={field.label} htmlFor="steer-queue">
            {t("card.queue")}
          </label>
          <select id="steer-queue" className={field.field} value={queue} onChange={(event) => setQueue(event.target.value)}>
            {queues.map((item) => (
              <option key={item.id} value={item.id}>
                {name(item.body.name)}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label className={field.label} htmlFor="steer-priority">
            {t("steer.priority")}
          </label>
          <input
            id="steer-priority"
            className={field.field}
            inputMode="decimal"
            value={priority}
            aria-invalid={!valid}
            aria-describedby="steer-hint"
            onChange={(event) => setPriority(event.target.value)}
          />
          <p id="steer-hint" className="xs muted hint">
            {t("steer.hint")}
          </p>
        </div>
        <div className="row">
          <Button type="submit" look="primary" isDisabled={!valid || (!moved && !changed)} isPending={busy}>
            {moved ? t("steer.move", { queue: names.queue(queue) }) : t("steer.set")}
          </Button>
          <Button onPress={onClose}>{t("steer.keep")}</Button>
        </div>
      </form>
    </Modal>
  );
}
