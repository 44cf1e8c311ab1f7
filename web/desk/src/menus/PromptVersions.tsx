import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { useId } from "react";
import { useNames } from "../config/config";
import { useCommand } from "../session/useCommand";
import { soundPath, useForget, useHistory, withComment, type PromptRow } from "./data";
import css from "./Menus.module.css";
import { play, stopPlaying, usePlayingKey } from "./player";
import { toast, useTexts } from "./texts";

/** What was uploaded for a prompt before: listen, and go back to it. */
export function PromptVersions({ row, onDone }: { row: PromptRow; onDone: () => void }) {
  const { t, date, time } = useTexts();
  const names = useNames();
  const id = `${row.language}.${row.name}`;
  const history = useHistory<{ text: string; file: string }>("prompt", id);
  const forget = useForget();
  const { run, busy } = useCommand();
  const key = useId();
  const playing = usePlayingKey();
  const earlier = (history.data ?? []).filter((version) => version.active && version.version !== row.version);
  if (earlier.length === 0) return null;
  const goBack = async (to: number) => {
    const path = withComment(`/config/prompt/${id}/rollback`, t("menus.wentBack", { n: to }));
    if (!(await run(() => api.post(path, { to }, row.version ?? 0)))) return;
    await forget("prompt");
    toast(({ t }) => t("menus.isBack", { n: to }));
    onDone();
  };
  return (
    <details>
      <summary className="sm">{t("prompts.earlier", { n: earlier.length })}</summary>
      <ol className={css.rows}>
        {earlier.map((version) => {
          const n = version.version;
          const isOn = playing === `${key}${n}`;
          const start = () =>
            play(`${key}${n}`, [soundPath(row.language, row.name, { version: n })], () => toast(({ t }) => t("menus.noSound"), "alert"));
          return (
            <li key={n}>
              <div>
                <span className="num">
                  {t("menus.version", { n })}, {date(version.changed_at)}, {time(version.changed_at)},{" "}
                  {version.changed_by ? names.person(version.changed_by) : t("menus.system")}
                </span>
                <span className="sub">{[version.comment, version.body.file, version.body.text].filter(Boolean).join(" · ")}</span>
              </div>
              <Button size="s" icon={isOn ? "pause" : "play"} onPress={() => (isOn ? stopPlaying() : start())}>
                {isOn ? t("menus.stop") : t("menus.hear")}
              </Button>
              <Button size="s" icon="undo" isDisabled={busy} onPress={() => void goBack(n)}>
                {t("menus.goBack")}
              </Button>
            </li>
          );
        })}
      </ol>
    </details>
  );
}
