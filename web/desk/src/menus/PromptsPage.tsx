import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Panel } from "@kit/components/Panel";
import { Tag } from "@kit/components/Pill";
import { Segmented } from "@kit/components/Segmented";
import { Empty, Skeleton } from "@kit/components/States";
import { clockText } from "@kit/durations";
import { useMemo, useState } from "react";
import { useNames } from "../config/config";
import { Frame } from "../frame/Frame";
import { refusalText, useCommand } from "../session/useCommand";
import { useForget, usePrompts, type PromptRow } from "./data";
import css from "./Menus.module.css";
import { matching } from "./prompt-search";
import { PlayButton } from "./PromptList";
import { Tabs } from "./Tabs";
import { toast, useTexts } from "./texts";
import { UploadDialog } from "./UploadDialog";

const PAGE = 60;
type Filter = "phrases" | "own" | "fragments";

const belongs = (row: PromptRow, filter: Filter) =>
  filter === "own" ? row.version !== null : filter === "fragments" ? row.group === "fragment" : row.group !== "fragment";

/** Everything that callers hear: listen, replace, add, go back to what was shipped. */
export function PromptsPage() {
  const speech = useTexts();
  const { t, languageName, date } = speech;
  const names = useNames();
  const prompts = usePrompts();
  const forget = useForget();
  const { run, busy } = useCommand();
  const [typed, setTyped] = useState("");
  const [filter, setFilter] = useState<Filter>("phrases");
  const [most, setMost] = useState(PAGE);
  const [open, setOpen] = useState<{ row: PromptRow | null } | null>(null);
  const rows = useMemo(
    () => matching(prompts.data ?? [], typed).filter((row) => belongs(row, filter)),
    [prompts.data, typed, filter],
  );
  const restore = async (row: PromptRow) => {
    const done = await run(() => api.remove(`/config/prompt/${row.language}.${row.name}`, row.version ?? 0));
    if (!done) return;
    await forget("prompt");
    toast(({ t }) => t(row.default_text === null ? "prompts.removed" : "prompts.restored", { name: row.name }));
  };
  return (
    <Frame>
      <main className={css.page} data-region tabIndex={-1} id="main">
        <h1 className="vh">{t("menus.tabPrompts")}</h1>
        <Tabs />
        <Panel
          title={t("menus.tabPrompts")}
          end={
            <Button size="s" icon="plus" onPress={() => setOpen({ row: null })}>
              {t("prompts.add")}
            </Button>
          }
        >
          <div className={css.filters}>
            <input
              type="search"
              className={field.field}
              aria-label={t("prompts.search")}
              placeholder={t("prompts.search")}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setMost(PAGE);
              }}
            />
            <Segmented
              label={t("prompts.which")}
              value={filter}
              options={[
                { id: "phrases", label: t("prompts.phrases") },
                { id: "own", label: t("prompts.own") },
                { id: "fragments", label: t("prompts.fragments") },
              ]}
              onChange={(next) => {
                setFilter(next);
                setMost(PAGE);
              }}
            />
            <span className="sub sm" role="status">
              {prompts.isSuccess && t("prompts.count", { n: rows.length })}
            </span>
          </div>
          {prompts.isPending && <Skeleton label={t("state.loading")} lines={8} />}
          {prompts.isError && (
            <Empty icon="alert" title={refusalText(speech, prompts.error)}>
              <Button icon="retry" onPress={() => void prompts.refetch()}>
                {t("message.retry")}
              </Button>
            </Empty>
          )}
          {prompts.isSuccess && rows.length === 0 && (
            <Empty icon="search" title={t(filter === "own" && !typed ? "prompts.noOwn" : "prompts.none")}>
              <p className="sm sub">{t(filter === "own" && !typed ? "prompts.noOwnHint" : "prompts.noneHint")}</p>
            </Empty>
          )}
          {rows.length > 0 && (
            <div className={css.scroll}>
              <table className={css.table}>
                <thead>
                  <tr>
                    <th scope="col">
                      <span className="vh">{t("prompts.listen")}</span>
                    </th>
                    <th scope="col">{t("prompts.name")}</th>
                    <th scope="col">{t("record.language")}</th>
                    <th scope="col">{t("prompts.words")}</th>
                    <th scope="col">{t("prompts.source")}</th>
                    <th scope="col">
                      <span className="vh">{t("agentMenu.column")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.slice(0, most).map((row) => {
                    const label = row.text || row.name;
                    return (
                      <tr key={`${row.language}.${row.name}`}>
                        <td>
                          <PlayButton name={row.name} language={row.language} label={label} />
                        </td>
                        <td>{row.name}</td>
                        <td>{row.language === "any" ? t("prompts.wordless") : languageName(row.language)}</td>
                        <td lang={row.language === "any" ? undefined : row.language}>
                          {row.text || t(row.name === "music" ? "prompts.music" : "prompts.beep")}
                        </td>
                        <td>
                          {row.version === null ? (
                            <span className="muted">{t("prompts.default")}</span>
                          ) : (
                            <>
                              <Tag tone="info">{t(row.default_text === null ? "prompts.new" : "prompts.replaced")}</Tag>
                              <small>
                                {row.file}, {clockText(row.seconds ?? 0)}
                                {row.changed_at ? `, ${date(row.changed_at)}` : ""}
                                {row.changed_by ? `, ${names.person(row.changed_by)}` : ""}
                              </small>
                            </>
                          )}
                        </td>
                        <td>
                          <span className={css.actions}>
                            {row.version !== null && (
                              <Button
                                size="s"
                                icon={row.default_text === null ? "trash" : "undo"}
                                isDisabled={busy}
                                aria-label={t(row.default_text === null ? "prompts.removeOne" : "prompts.restoreOne", { name: label })}
                                onPress={() => void restore(row)}
                              >
                                {t(row.default_text === null ? "menus.removeIt" : "prompts.restore")}
                              </Button>
                            )}
                            <Button size="s" aria-label={t("prompts.replaceOne", { name: label })} onPress={() => setOpen({ row })}>
                              {t(row.version === null ? "prompts.replace" : "menus.change")}
                            </Button>
                          </span>
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          )}
          {rows.length > most && (
            <p className={css.more}>
              <Button onPress={() => setMost(most + 4 * PAGE)}>{t("contacts.more")}</Button>
            </p>
          )}
        </Panel>
      </main>
      {open && <UploadDialog row={open.row} onClose={() => setOpen(null)} />}
    </Frame>
  );
}
