import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Modal } from "@kit/components/Modal";
import { Tag } from "@kit/components/Pill";
import { Empty, Skeleton } from "@kit/components/States";
import { useState } from "react";
import { useNames } from "../config/config";
import { refusalText, useCommand } from "../session/useCommand";
import { changesBetween, type Change } from "./changes";
import { useForget, useHistory, withComment, type MenuBody, type MenuItem } from "./data";
import { dropDraft } from "./drafts";
import css from "./Editor.module.css";
import { toast, useTexts } from "./texts";
import { useValueText } from "./value-text";

interface VersionsProps {
  item: MenuItem;
  /** There are unsaved changes, which going back would lose. */
  dirty: boolean;
  onClose: () => void;
}

/** All versions of a menu: who, when, why and what; and going back to one. */
export function Versions({ item, dirty, onClose }: VersionsProps) {
  const speech = useTexts();
  const { t, date, time } = speech;
  const names = useNames();
  const history = useHistory<MenuBody>("menu", item.id);
  const forget = useForget();
  const { run, busy } = useCommand();
  const [asked, setAsked] = useState<number | null>(null);
  const versions = history.data ?? [];

  const goBack = async (to: number) => {
    const path = withComment(`/config/menu/${item.id}/rollback`, t("menus.wentBack", { n: to }));
    const done = await run(() => api.post(path, { to }, item.version));
    if (!done) return;
    dropDraft(item.id);
    await forget("menu");
    toast(({ t }) => t("menus.isBack", { n: to }));
    onClose();
  };

  return (
    <Modal wide title={t("menus.versions")} closeLabel={t("state.close")} onClose={onClose}>
      <div className={css.dialog}>
        {history.isPending && <Skeleton label={t("state.loading")} lines={6} />}
        {history.isError && (
          <Empty icon="alert" title={refusalText(speech, history.error)}>
            <Button icon="retry" onPress={() => void history.refetch()}>
              {t("message.retry")}
            </Button>
          </Empty>
        )}
        <ol className={css.versions}>
          {versions.map((version, index) => {
            const before = versions[index + 1];
            return (
              <li key={version.version}>
                <div className={css.versionHead}>
                  <b className="strong num">{t("menus.version", { n: version.version })}</b>
                  {index === 0 && <Tag tone="ok">{t("menus.inForce")}</Tag>}
                  <span className="sub num">
                    {date(version.changed_at)}, {time(version.changed_at)}
                  </span>
                  <span className="sub">{version.changed_by ? names.person(version.changed_by) : t("menus.system")}</span>
                  {index > 0 && asked !== version.version && (
                    <span className="end">
                      <Button size="s" icon="undo" onPress={() => setAsked(version.version)}>
                        {t("menus.goBack")}
                      </Button>
                    </span>
                  )}
                </div>
                {version.comment && <p>{version.comment}</p>}
                {before ? (
                  <Changes changes={changesBetween(before.body.menu, version.body.menu)} />
                ) : (
                  <p className="sub">{t("menus.firstVersion")}</p>
                )}
                {asked === version.version && (
                  <div className="row wrap" role="alert">
                    <span>{t(dirty ? "menus.goBackLoses" : "menus.goBackAsks", { n: version.version })}</span>
                    <Button size="s" look="primary" isPending={busy} onPress={() => void goBack(version.version)}>
                      {t("menus.goBackTo", { n: version.version })}
                    </Button>
                    <Button size="s" onPress={() => setAsked(null)}>
                      {t("steer.keep")}
                    </Button>
                  </div>
                )}
              </li>
            );
          })}
        </ol>
      </div>
    </Modal>
  );
}

/** What differs, a line for each field. */
export function Changes({ changes }: { changes: Change[] }) {
  const { t, find } = useTexts();
  const valueText = useValueText();
  if (changes.length === 0) return <p className="sub sm">{t("menus.sameAsBefore")}</p>;
  return (
    <ul className={css.changes}>
      {changes.map((change) =>
        change.kind === "changed" ? (
          change.fields.map(({ field, before, after }) => (
            <li key={`${change.node} ${field}`}>
              {t("menus.changed", {
                where: change.node || t("menus.whole"),
                field: find(`field.${field}`) ?? find(`head.${field}`) ?? field,
                before: valueText(before),
                after: valueText(after),
              })}
            </li>
          ))
        ) : (
          <li key={change.node}>{t(change.kind === "added" ? "menus.added" : "menus.removed", { where: change.node })}</li>
        ),
      )}
    </ul>
  );
}
