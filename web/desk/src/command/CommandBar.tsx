import { Icon } from "@kit/components/Icon";
import { Kbd } from "@kit/components/Kbd";
import { Modal } from "@kit/components/Modal";
import { useActiveList } from "@kit/useActiveList";
import { Fragment, useId, useState } from "react";
import { useSpeech } from "../i18n";
import css from "./CommandBar.module.css";
import { searchCommands, type Command } from "./commands";
import { closeCommandBar, useCommandBarOpen } from "./open";
import { useCommands } from "./useCommands";

function Bar() {
  const { t } = useSpeech();
  const id = useId();
  const [typed, setTyped] = useState("");
  const commands = useCommands(typed);
  const found = searchCommands(commands, typed);
  const run = (command: Command) => {
    closeCommandBar();
    // After the dialog gave the focus back: the command may want to put it elsewhere.
    setTimeout(command.run, 0);
  };
  const list = useActiveList({ id, items: found, onChoose: run });
  return (
    <Modal title={t("command.title")} closeLabel={t("state.close")} onClose={closeCommandBar} bare>
      <label className={css.find}>
        <Icon name="search" />
        <span className="vh">{t("command.find")}</span>
        <input
          {...list.fieldProps}
          autoFocus
          placeholder={t("command.find")}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            list.setActive(0);
          }}
          onKeyDown={list.onKeyDown}
        />
      </label>
      <ul {...list.listProps} className={css.list} aria-label={t("command.title")}>
        {found.map((command, index) => (
          <Fragment key={command.id}>
            {command.group !== found[index - 1]?.group && (
              <li role="presentation" className={css.group}>
                {command.group}
              </li>
            )}
            <li {...list.optionProps(index)} className={css.option}>
              <Icon name={command.icon} size="s" />
              <span className="cut">{command.title}</span>
              {command.hint && <small className="cut">{command.hint}</small>}
              {index === list.active && (
                <span className="end">
                  <Kbd chord="Enter" />
                </span>
              )}
            </li>
          </Fragment>
        ))}
      </ul>
      <p className="vh" role="status">
        {[t("command.found", { n: found.length }), typed && found[0]?.title].filter(Boolean).join(". ")}
      </p>
      {found.length === 0 && <p className={css.none}>{t("command.none")}</p>}
    </Modal>
  );
}

/** Every action, reply, colleague and contact by name or number. */
export function CommandBar() {
  const open = useCommandBarOpen();
  return open ? <Bar /> : null;
}
