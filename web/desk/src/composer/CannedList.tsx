import { Kbd } from "@kit/components/Kbd";
import { useActiveList } from "@kit/useActiveList";
import { useId, type KeyboardEvent, type ReactNode } from "react";
import { useSpeech } from "../i18n";
import { searchReplies, type CannedReply } from "./canned";
import css from "./CannedList.module.css";

interface FieldTools {
  fieldProps: object;
  onListKey: (event: KeyboardEvent) => boolean;
}

interface CannedListProps {
  open: boolean;
  typed: string;
  replies: CannedReply[];
  onChoose: (reply: CannedReply) => void;
  onClose: () => void;
  field: (tools: FieldTools) => ReactNode;
}

const MOST = 8;

/** Ready replies over the field; the focus stays in it. Tab or Enter inserts, Esc closes. */
export function CannedList({ open, typed, replies, onChoose, field }: CannedListProps) {
  const { t } = useSpeech();
  const id = useId();
  const found = open ? searchReplies(replies, typed).slice(0, MOST) : [];
  const list = useActiveList({ id, items: found, onChoose, alsoChoose: ["Tab"] });
  return (
    <>
      {open && (
        <div className={css.canned}>
          {found.length === 0 && <p className={css.none}>{t("composer.noCanned")}</p>}
          <ul {...list.listProps} aria-label={t("composer.canned")}>
            {found.map((reply, index) => (
              <li key={reply.id} {...list.optionProps(index)}>
                <b className="cut">{reply.shortcut}</b>
                <span className="cut">{reply.text}</span>
                {index === list.active ? <Kbd chord="Tab" /> : <span />}
              </li>
            ))}
          </ul>
        </div>
      )}
      {field({ fieldProps: open ? list.fieldProps : {}, onListKey: (event) => open && list.onKeyDown(event) })}
    </>
  );
}
