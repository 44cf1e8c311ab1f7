import { IconButton } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import css from "./Fields.module.css";
import { useEditor } from "./editor";
import { Labelled } from "./Fields";
import type { Problem } from "./data";
import { freeId, KINDS, makeNode, withNode, type Menu, type NodeKind } from "./model";
import { useTexts } from "./texts";
import { useTitles } from "./titles";

const NEW = "+";

interface TargetSelectProps {
  value: string;
  label: string;
  /** Not a label of its own, but one that stands elsewhere. */
  control?: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean };
  /** Write the way into the menu; the menu may hold a new step already. */
  onChange: (target: string, menu: Menu) => void;
}

/** Where a way leads: one of the steps, or a new one. */
export function TargetSelect({ value, label, control, onChange }: TargetSelectProps) {
  const { t } = useTexts();
  const { menu, visit } = useEditor();
  const titles = useTitles();
  const choice = (chosen: string) => {
    if (!chosen.startsWith(NEW)) {
      onChange(chosen, menu);
      return;
    }
    const kind = chosen.slice(1) as NodeKind;
    const id = freeId(menu, kind);
    onChange(id, withNode(menu, id, makeNode(kind, menu.give_up)));
  };
  return (
    <span className={css.target}>
      <select
        {...(control ?? { "aria-label": label })}
        className={field.field}
        value={value}
        onChange={(event) => choice(event.target.value)}
      >
        {!(value in menu.nodes) && <option value={value}>{value ? t("menus.noStep", { id: value }) : "—"}</option>}
        <optgroup label={t("menus.steps")}>
          {Object.keys(menu.nodes).map((id) => (
            <option key={id} value={id}>
              {titles.long(id)}
            </option>
          ))}
        </optgroup>
        <optgroup label={t("menus.newStep")}>
          {KINDS.map((kind) => (
            <option key={kind} value={NEW + kind}>
              + {t(`kind.${kind}`)}
            </option>
          ))}
        </optgroup>
      </select>
      <IconButton
        icon="right"
        label={t("menus.open", { id: value })}
        isDisabled={!(value in menu.nodes)}
        onPress={() => visit(value)}
      />
    </span>
  );
}

interface TargetProps {
  label: string;
  hint?: string | undefined;
  value: string;
  problems?: Problem[];
  onChange: (target: string, menu: Menu) => void;
}

export function Target({ label, hint, value, problems, onChange }: TargetProps) {
  return (
    <Labelled label={label} hint={hint} problems={problems}>
      {(control) => <TargetSelect value={value} label={label} control={control} onChange={onChange} />}
    </Labelled>
  );
}
