import { Icon } from "@kit/components/Icon";
import { useEffect, useMemo, useRef, type KeyboardEvent } from "react";
import css from "./Editor.module.css";
import { useEditor } from "./editor";
import { ICON_OF, outlineOf, type OutlineRow } from "./model";
import { useTexts } from "./texts";
import { useTitles } from "./titles";

/** The menu from its beginning to its ends. Arrows move, Enter or a click chooses. */
export function Outline() {
  const { t } = useTexts();
  const { menu, chosen, choose, problems } = useEditor();
  const tree = useRef<HTMLDivElement>(null);
  const outline = useMemo(() => outlineOf(menu), [menu]);
  const apart: OutlineRow[] = outline.unreached.map((id) => ({ id, level: 0, way: null, state: "here" }));

  useEffect(() => {
    tree.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const move = (event: KeyboardEvent) => {
    const rows = [...(tree.current?.querySelectorAll<HTMLElement>("[role=treeitem]") ?? [])];
    const at = rows.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
  };
  const row = (one: OutlineRow, key: string) => <Row key={key} row={one} />;
  return (
    <div ref={tree} role="tree" aria-label={t("menus.outline")} className={css.tree} onKeyDown={move}>
      <div
        role="treeitem"
        aria-level={1}
        aria-selected={chosen === ""}
        tabIndex={chosen === "" ? 0 : -1}
        className={css.item}
        data-level="0"
        onClick={() => choose("")}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          choose("");
        }}
      >
        <span className={css.way}>
          <Icon name="list" size="s" />
        </span>
        <b className="strong">{t("menus.whole")}</b>
        <Mark count={problems.filter((one) => one.node === "").length} />
      </div>
      {outline.rows.map((one, index) => row(one, `main ${index}`))}
      <p className={css.part} role="presentation">
        {t("menus.anywhere")}
      </p>
      {outline.anywhere.map((one, index) => row(one, `any ${index}`))}
      {apart.length > 0 && (
        <p className={css.part} role="presentation">
          {t("menus.unreached")}
        </p>
      )}
      {apart.map((one) => row(one, `apart ${one.id}`))}
    </div>
  );
}

function Mark({ count }: { count: number }) {
  const { t } = useTexts();
  if (count === 0) return null;
  return (
    <span className={css.mark}>
      <Icon name="alert" size="s" />
      <span className="num" aria-hidden="true">
        {count}
      </span>
      <span className="vh">{t("menus.problemCount", { n: count })}</span>
    </span>
  );
}

function Row({ row }: { row: OutlineRow }) {
  const { t, find, languageName } = useTexts();
  const { menu, chosen, choose, problems } = useEditor();
  const titles = useTitles();
  const node = menu.nodes[row.id];
  const { way } = row;
  const from = way?.via === "cases" ? (find(`answer.${way.on}`) ?? (way.on.length === 2 ? languageName(way.on) : way.on)) : "";
  const isChosen = chosen === row.id && row.state === "here";
  return (
    <div
      role="treeitem"
      aria-level={Math.min(row.level, 8) + 1}
      aria-selected={isChosen}
      tabIndex={isChosen ? 0 : -1}
      className={css.item}
      data-level={Math.min(row.level, 6)}
      data-again={row.state !== "here" || undefined}
      onClick={() => row.state !== "missing" && choose(row.id)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        if (row.state !== "missing") choose(row.id);
      }}
    >
      <span className={css.way}>
        {way?.via === "options" ? (
          <kbd className={css.keycap}>
            <span className="vh">{t("menus.key")} </span>
            {way.on}
          </kbd>
        ) : row.state === "missing" ? (
          <Icon name="alert" size="s" />
        ) : node ? (
          <Icon name={row.state === "again" ? "undo" : ICON_OF[node.kind]} size="s" />
        ) : null}
      </span>
      <span className={css.words}>
        <span className={css.line}>
          {way && way.via !== "options" && (way.via !== "next" || row.level > 0) && (
            <small className={css.when}>{way.via === "cases" ? from : t(`way.${way.via}`)}</small>
          )}
          {row.state === "missing" ? (
            <b className="strong t-bad">{t("menus.noStep", { id: row.id || "—" })}</b>
          ) : node ? (
            <>
              <b className={row.state === "here" ? "strong" : "sub"}>
                {row.state === "again" ? t("menus.goTo", { id: row.id }) : titles.kind(node)}
              </b>
              {row.state === "here" && <small className="cut">{row.id}</small>}
            </>
          ) : null}
        </span>
        {node && row.state === "here" && titles.detail(node) && <span className={css.detail}>{titles.detail(node)}</span>}
      </span>
      {row.state === "here" && <Mark count={problems.filter((one) => one.node === row.id).length} />}
    </div>
  );
}
