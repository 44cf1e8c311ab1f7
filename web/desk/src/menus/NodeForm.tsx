import { Button } from "@kit/components/Button";
import { Icon } from "@kit/components/Icon";
import menuCss from "@kit/components/Menu.module.css";
import { Fragment, useState } from "react";
import { Button as AriaButton, Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Announcements } from "./Announcements";
import { Defects, Flag, NumberField, TextField } from "./Fields";
import fields from "./Fields.module.css";
import css from "./Editor.module.css";
import { useEditor } from "./editor";
import {
  ENDS, FIELDS_OF, ICON_OF, insertAfter, KINDS, removeNode, renameNode, withNode,
  type FieldName, type Menu, type MenuNode,
} from "./model";
import { FactChoice, HoursSource, QueueChoice, ReasonChoice, useRegions } from "./NodeChoices";
import { PromptList } from "./PromptList";
import { LanguageKeys, Minutes, Targets } from "./Rows";
import { Target } from "./Target";
import { useTexts } from "./texts";
import { useTitles } from "./titles";

const UNITS: Partial<Record<FieldName, "menus.seconds" | "menus.minutes" | "menus.digits">> = {
  timeout: "menus.seconds",
  seconds: "menus.seconds",
  priority: "menus.minutes",
  least: "menus.digits",
  most: "menus.digits",
};

/** The chosen step: what it is, and its fields. */
export function NodeForm({ id }: { id: string }) {
  const { t, find } = useTexts();
  const { menu, edit, choose, visit, problems } = useEditor();
  const titles = useTitles();
  const node = menu.nodes[id];
  if (!node) return null;
  const languages = menu.languages ?? ["ru", "en"];
  const mine = problems.filter((one) => one.node === id);
  const shown = new Set<string>([...FIELDS_OF[node.kind], ...(node.kind === "hours" ? ["queue"] : [])]);
  const of = (field: string) => mine.filter((one) => one.field === field || one.field.startsWith(`${field}.`));
  const rest = mine.filter((one) => !shown.has(one.field.split(".")[0] ?? ""));
  const set = (change: Partial<MenuNode>, tag = "", base: Menu = menu) =>
    edit(withNode(base, id, { ...node, ...change }), tag && `${id}.${tag}`);
  const label = (field: FieldName) => find(`field.${node.kind}.${field}`) ?? t(`field.${field}`);
  const hint = (field: FieldName) => find(`hint.${node.kind}.${field}`) ?? find(`hint.${field}`) ?? undefined;

  const rename = (to: string) => {
    edit(renameNode(menu, id, to));
    choose(to);
  };

  const control = (field: FieldName) => {
    const common = { label: label(field), hint: hint(field), problems: of(field) };
    switch (field) {
      case "prompts":
      case "silent":
      case "invalid":
        return (
          <PromptList
            {...common}
            value={node[field] ?? []}
            languages={languages}
            opens={field === "prompts"}
            onChange={(value) => set({ [field]: value })}
          />
        );
      case "next":
      case "failed":
      case "open":
      case "closed":
      case "default":
        return <Target {...common} value={node[field] ?? ""} onChange={(to, base) => set({ [field]: to }, "", base)} />;
      case "timeout":
      case "seconds":
      case "retries":
      case "least":
      case "most":
      case "priority": {
        const unit = UNITS[field];
        return (
          <NumberField
            {...common}
            value={node[field] ?? 0}
            unit={unit && t(unit)}
            onChange={(value) => set({ [field]: value }, field)}
          />
        );
      }
      case "interruptible":
      case "skip_known":
        return <Flag label={common.label} hint={common.hint} value={node[field] ?? true} onChange={(value) => set({ [field]: value })} />;
      case "options":
        return node.kind === "language" ? (
          <LanguageKeys {...common} table={node.options ?? {}} languages={languages} onChange={(options) => set({ options })} />
        ) : (
          <Targets
            {...common}
            table={node.options ?? {}}
            fallback={node.failed ?? menu.give_up}
            onChange={(options, base) => set({ options }, "", base)}
          />
        );
      case "cases":
        return <Cases node={node} common={common} onChange={(cases, base) => set({ cases }, "", base)} />;
      case "by_segment":
        return <Minutes {...common} table={node.by_segment ?? {}} onChange={(by_segment) => set({ by_segment }, "by_segment")} />;
      case "items":
        return <Announcements value={node.items ?? []} languages={languages} problems={of("items")} onChange={(items) => set({ items }, "items")} />;
      case "hours":
        return <HoursSource {...common} problems={[...of("hours"), ...of("queue")]} node={node} onChange={set} />;
      case "queue":
        return <QueueChoice {...common} value={node.queue ?? ""} onChange={(queue) => set({ queue })} />;
      case "reason":
        return <ReasonChoice {...common} value={node.reason ?? ""} onChange={(reason) => set({ reason: reason || null })} />;
      case "field":
        return <FactChoice {...common} value={node.field ?? ""} onChange={(to) => set({ field: to, cases: {} })} />;
      case "name":
      case "why":
        return <TextField {...common} value={node[field] ?? ""} onChange={(value) => set({ [field]: value }, field)} />;
    }
  };

  return (
    <div className={css.form}>
      <header className={css.formHead}>
        <Icon name={ICON_OF[node.kind]} />
        <h2 id="step" tabIndex={-1}>
          {titles.kind(node)}
        </h2>
        <span className="end row">
          {node.next !== undefined && (
            <MenuTrigger>
              <AriaButton className={css.small ?? ""}>
                <Icon name="plus" size="s" />
                {t("menus.insert")}
              </AriaButton>
              <Popover className={menuCss.popover ?? ""}>
                <AriaMenu
                  className={menuCss.menu ?? ""}
                  aria-label={t("menus.insert")}
                  onAction={(kind) => {
                    const made = insertAfter(menu, id, kind as MenuNode["kind"]);
                    edit(made.menu);
                    visit(made.id);
                  }}
                >
                  {KINDS.filter((kind) => !ENDS.includes(kind)).map((kind) => (
                    <MenuItem key={kind} id={kind} className={menuCss.item ?? ""}>
                      <Icon name={ICON_OF[kind]} size="s" />
                      {t(`kind.${kind}`)}
                    </MenuItem>
                  ))}
                </AriaMenu>
              </Popover>
            </MenuTrigger>
          )}
          <Button
            size="s"
            icon="trash"
            isDisabled={Object.keys(menu.nodes).length === 1}
            onPress={() => {
              edit(removeNode(menu, id));
              visit(node.next !== undefined && node.next !== id && node.next in menu.nodes ? node.next : "");
            }}
          >
            {t("menus.removeStep")}
          </Button>
        </span>
      </header>
      <p className="sm sub">{t(`kindHint.${node.kind}`)}</p>
      <Defects problems={rest} />
      <StepName key={id} id={id} taken={(to) => to in menu.nodes} onRename={rename} />
      {grouped(FIELDS_OF[node.kind]).map((group) =>
        group.length === 1 ? (
          <Fragment key={`${id} ${group.join()}`}>{control(group[0] ?? "prompts")}</Fragment>
        ) : (
          <div key={`${id} ${group.join()}`} className={fields.pair}>
            {group.map((field) => (
              <Fragment key={field}>{control(field)}</Fragment>
            ))}
          </div>
        ),
      )}
      {Object.keys(node.require ?? {}).length > 0 && <p className="sm sub">{t("menus.hasRequirement")}</p>}
    </div>
  );
}

const NUMBERS: FieldName[] = ["timeout", "retries", "least", "most"];

/** Numbers stand side by side. */
function grouped(names: FieldName[]): FieldName[][] {
  const groups: FieldName[][] = [];
  for (const name of names) {
    const last = groups.at(-1);
    if (last && NUMBERS.includes(name) && last.every((other) => NUMBERS.includes(other))) last.push(name);
    else groups.push([name]);
  }
  return groups;
}

interface CasesProps {
  node: MenuNode;
  common: { label: string; hint: string | undefined };
  onChange: (cases: Record<string, string>, menu: Menu) => void;
}

function Cases({ node, common, onChange }: CasesProps) {
  const { find, languageName } = useTexts();
  const regions = useRegions();
  const words: Record<string, string[]> = { known: ["yes", "no"], language: ["ru", "en"], region: regions.map((one) => one.id), segment: [] };
  const named = (word: string) =>
    node.field === "language" ? languageName(word) : node.field === "region" ? (regions.find((one) => one.id === word)?.label ?? word) : (find(`answer.${word}`) ?? word);
  return (
    <Targets
      {...common}
      table={node.cases ?? {}}
      words={words[node.field ?? ""] ?? []}
      wordName={named}
      fallback={node.default ?? ""}
      onChange={onChange}
    />
  );
}

interface StepNameProps {
  id: string;
  taken: (name: string) => boolean;
  onRename: (to: string) => void;
}

/** The step's name, taken over when the field is left. */
function StepName({ id, taken, onRename }: StepNameProps) {
  const { t } = useTexts();
  const [typed, setTyped] = useState(id);
  const name = typed.trim();
  const isTaken = name !== id && taken(name);
  return (
    <div
      onBlur={() => (name && name !== id && !isTaken ? onRename(name) : setTyped(id))}
      onKeyDown={(event) => event.key === "Enter" && name && name !== id && !isTaken && onRename(name)}
    >
      <TextField label={t("menus.stepName")} hint={isTaken ? t("menus.nameTaken") : undefined} value={typed} onChange={setTyped} />
    </div>
  );
}
