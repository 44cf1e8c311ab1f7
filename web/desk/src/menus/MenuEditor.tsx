import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { NoteBox, Tag } from "@kit/components/Pill";
import { Empty, Skeleton } from "@kit/components/States";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { useNames } from "../config/config";
import { Frame } from "../frame/Frame";
import { useActions, useKey } from "../keyboard/keys";
import { refusalText, useCommand } from "../session/useCommand";
import { useCheck, useForget, useMenuItem, withComment, type MenuItem } from "./data";
import { dropDraft, useEditing } from "./drafts";
import css from "./Editor.module.css";
import { EditorContext, type Editor } from "./editor";
import { LeaveGuard } from "./LeaveGuard";
import { MenuForm } from "./MenuForm";
import { NodeForm } from "./NodeForm";
import { Outline } from "./Outline";
import { SaveDialog } from "./SaveDialog";
import { TryPanel } from "./TryPanel";
import { toast, useTexts } from "./texts";
import { Versions } from "./Versions";

/** The editor of one menu: outline, the chosen step, a telephone to try it. */
export function MenuEditor({ id }: { id: string }) {
  const speech = useTexts();
  const { t } = speech;
  const item = useMenuItem(id);
  const save = useKey("save");
  const region = useKey("region");
  const hints = [
    { chord: save, text: t("menus.save") },
    { chord: region, text: t("key.region") },
  ];
  return (
    <Frame hints={hints}>
      {item.data?.active ? (
        <Loaded item={item.data} away={item.isError} />
      ) : (
        <main className={css.page} id="main" data-region tabIndex={-1}>
          <h1 className="vh">{t("nav.menus")}</h1>
          {item.isPending ? (
            <Skeleton label={t("state.loading")} lines={8} />
          ) : (
            <Empty icon="alert" title={item.isError ? refusalText(speech, item.error) : t("menus.removedMenu")}>
              <div className="row">
                {item.isError && (
                  <Button icon="retry" onPress={() => void item.refetch()}>
                    {t("message.retry")}
                  </Button>
                )}
                <Link href="/menus">{t("menus.toList")}</Link>
              </div>
            </Empty>
          )}
        </main>
      )}
    </Frame>
  );
}

function Loaded({ item, away }: { item: MenuItem; away: boolean }) {
  const { t, name, time } = useTexts();
  const names = useNames();
  const [, navigate] = useLocation();
  const wanted = new URLSearchParams(useSearch()).get("step") ?? "";
  const client = useQueryClient();
  const forget = useForget();
  const { run, busy } = useCommand();
  const { body, menu, dirty, conflict, base, edit, editBody, undo, rebase } = useEditing(item);
  const check = useCheck(menu);
  const { problems, sound, isFresh } = check;
  const [shown, setShown] = useState<"save" | "versions" | null>(null);
  const chosen = wanted in menu.nodes ? wanted : "";

  const choose = useCallback(
    (step: string) => {
      const search = step ? `?step=${encodeURIComponent(step)}` : "";
      navigate(`/menus/${item.id}${search}`, { replace: true });
    },
    [navigate, item.id],
  );
  const visit = useCallback(
    (step: string) => {
      choose(step);
      requestAnimationFrame(() => document.getElementById("step")?.focus());
    },
    [choose],
  );
  const editor = useMemo<Editor>(
    () => ({ menu, edit, chosen, choose, visit, ...check }),
    [menu, edit, chosen, choose, visit, check],
  );
  const first = problems[0];
  const mayStore = dirty && !conflict && isFresh && sound !== null;
  useActions({ save: () => (mayStore ? (setShown("save"), undefined) : false) });

  const store = async (comment: string) => {
    const done = await run(async () => {
      const stored = await api.put<MenuItem>(withComment(`/config/menu/${item.id}`, comment), body, base);
      client.setQueryData(["menu", item.id], stored);
      toast(({ t }) => t("menus.saved", { n: stored.version }));
    });
    if (done) dropDraft(item.id);
    setShown(null);
    await forget("menu");
  };

  return (
    <EditorContext value={editor}>
      <main className={css.page} id="main" data-region tabIndex={-1}>
        <div className={css.head}>
          <Link href="/menus">{t("menus.toList")}</Link>
          <h1>{name(body.name)}</h1>
          <Tag>{t("menus.version", { n: item.version })}</Tag>
          <span role="status" className="row">
            {dirty && <Tag tone="warn" icon="pencil">{t("menus.unsaved")}</Tag>}
            {isFresh && sound !== null && <Tag tone="ok" icon="check">{t("menus.sound")}</Tag>}
          </span>
          {first && (
            <Button size="s" icon="alert" onPress={() => visit(first.node)}>
              {t("menus.problemCount", { n: problems.length })}
            </Button>
          )}
          <span className="end row">
            <Button icon="undo" isDisabled={!undo} onPress={() => undo?.()}>
              {t("menus.undo")}
            </Button>
            <Button icon="clock" onPress={() => setShown("versions")}>
              {t("menus.versions")}
            </Button>
            <Button look="primary" isDisabled={!mayStore} onPress={() => setShown("save")}>
              {t("menus.save")}
            </Button>
          </span>
          <div className={css.notes}>
            {away && (
              <NoteBox tone="warn" icon="signal">
                {t("menus.away")}
              </NoteBox>
            )}
            {conflict && (
              <NoteBox tone="warn" icon="alert" alert>
                <p>
                  {t("menus.conflict", {
                    n: item.version,
                    who: item.changed_by ? names.person(item.changed_by) : t("menus.system"),
                    time: time(item.changed_at),
                  })}
                </p>
                <div className="row wrap">
                  <Button size="s" onPress={() => setShown("versions")}>
                    {t("menus.showTheirs")}
                  </Button>
                  <Button size="s" onPress={rebase}>
                    {t("menus.keepMine")}
                  </Button>
                  <Button size="s" onPress={() => dropDraft(item.id)}>
                    {t("menus.takeTheirs")}
                  </Button>
                </div>
              </NoteBox>
            )}
          </div>
        </div>
        <div className={css.columns}>
          <section className={css.scroll} aria-label={t("menus.outline")} data-region tabIndex={-1}>
            <Outline />
          </section>
          <section className={css.scroll} aria-labelledby="step" data-region tabIndex={-1}>
            {chosen ? (
              <NodeForm key={chosen} id={chosen} />
            ) : (
              <MenuForm item={item} named={body.name} onName={(named, tag) => editBody({ ...body, name: named }, tag)} />
            )}
          </section>
          <TryPanel />
        </div>
      </main>
      {shown === "save" && (
        <SaveDialog before={item.body} after={body} busy={busy} onSave={(comment) => void store(comment)} onClose={() => setShown(null)} />
      )}
      {shown === "versions" && <Versions item={item} dirty={dirty} onClose={() => setShown(null)} />}
      {dirty && <LeaveGuard within={`/menus/${item.id}`} onDrop={() => dropDraft(item.id)} />}
    </EditorContext>
  );
}
