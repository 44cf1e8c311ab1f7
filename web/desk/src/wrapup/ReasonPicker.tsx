import { serverNow } from "@kit/clock";
import { Icon } from "@kit/components/Icon";
import { Kbd } from "@kit/components/Kbd";
import { useActiveList } from "@kit/useActiveList";
import { ariaKeys } from "@kit/keyboard";
import { useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useConfig } from "../config/config";
import { useSpeech } from "../i18n";
import { useActions, useKey } from "../keyboard/keys";
import css from "./ReasonPicker.module.css";
import { highlight, reasonTree, searchReasons, type Reason } from "./reasons";

interface ReasonPickerProps {
  value: string[];
  onChange: (value: string[]) => void;
  labelId: string;
}

const MOST = 60;

/** The calendar day here, as the reasons' dates are written. */
const today = () => new Date(serverNow() * 1000).toLocaleDateString("sv-SE");

/** Why they wrote: type to search the tree, or walk it with ← and →. The first chosen is the main one. A key comes here. */
export function ReasonPicker({ value, onChange, labelId }: ReasonPickerProps) {
  const { t, name } = useSpeech();
  const items = useConfig("reason").data;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [group, setGroup] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const key = useKey("reason");
  useActions({ reason: () => (input.current?.focus(), undefined) });

  const tree = useMemo(
    () => reasonTree(items ?? [], today(), (item) => name(item.body.name, item.id)),
    [items, name],
  );
  const byId = useMemo(() => new Map(tree.map((reason) => [reason.id, reason])), [tree]);
  const found = open ? searchReasons(tree, typed, group, value).slice(0, MOST) : [];

  const choose = (reason: Reason) => {
    if (reason.group) {
      setGroup(reason.id);
    } else {
      onChange([...value, reason.id]);
      setGroup(null);
      setOpen(false);
    }
    setTyped("");
    list.setActive(0);
  };
  const list = useActiveList({ id, items: found, onChoose: choose });

  const back = () => {
    setGroup(group ? (byId.get(group)?.parent ?? null) : null);
    list.setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const active = found[list.active];
    if (!typed && event.key === "ArrowLeft" && group) back();
    else if (!typed && event.key === "ArrowRight" && active?.group) choose(active);
    else if (!typed && event.key === "Backspace" && group) back();
    else if (!typed && event.key === "Backspace") onChange(value.slice(0, -1));
    else if (event.key === "Escape" && open) setOpen(false);
    else if (event.key === "ArrowDown" && !open) setOpen(true);
    else {
      list.onKeyDown(event);
      return;
    }
    event.stopPropagation();
  };

  return (
    <div className={css.picker}>
      <div className={css.field}>
        {value.map((chosen, index) => (
          <span key={chosen} className={css.chip}>
            {index === 0 && value.length > 1 && <span className="vh">{t("wrap.main")}</span>}
            {byId.get(chosen)?.name ?? chosen}
            <button
              type="button"
              aria-label={t("wrap.remove", { name: byId.get(chosen)?.name ?? chosen })}
              onClick={() => onChange(value.filter((other) => other !== chosen))}
            >
              <Icon name="x" size="s" />
            </button>
          </span>
        ))}
        <input
          ref={input}
          {...list.fieldProps}
          aria-labelledby={labelId}
          aria-keyshortcuts={ariaKeys(key)}
          placeholder={value.length > 0 ? t("wrap.another") : t("wrap.type")}
          value={typed}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onChange={(event) => {
            setTyped(event.target.value);
            setOpen(true);
            list.setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd chord={key} />
      </div>
      {open && (
        <div className={css.drop}>
          {group && !typed && (
            <button type="button" className={css.up} onMouseDown={(event) => event.preventDefault()} onClick={back}>
              ← {[...(byId.get(group)?.path ?? []), byId.get(group)?.name].join(" › ")}
            </button>
          )}
          {found.length === 0 && <p className={css.none}>{t("wrap.noReason")}</p>}
          <ul {...list.listProps} aria-label={t("wrap.reasons")}>
            {found.map((reason, index) => {
              const [before, match, after] = highlight(reason.name, typed);
              return (
                <li key={reason.id} {...list.optionProps(index)}>
                  <span className="cut">
                    {before}
                    {match && <mark>{match}</mark>}
                    {after}
                  </span>
                  {typed && <span className={css.path}>{reason.path.join(" › ")}</span>}
                  {reason.group && <Icon name="chev" size="s" className="end" />}
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
