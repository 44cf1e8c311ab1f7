import type { ConfigBodies, ConfigItem } from "@kit/api";
import { useState } from "react";
import { useConfig } from "../config/config";
import { Choice, TextField } from "./Fields";
import fields from "./Fields.module.css";
import { ItemDialog } from "./ItemDialog";
import { useTexts } from "./texts";

const NUMBER = /^(\*|\+?[0-9A-Za-z._-]{1,40})$/;

/** Dialled numbers and the menu that answers them. */
export function LineDialog({ item, onClose }: { item: ConfigItem<ConfigBodies["line"]> | null; onClose: () => void }) {
  const { t, name } = useTexts();
  const menus = useConfig("menu").data ?? [];
  const [named, setNamed] = useState(item?.body.name ?? { ru: "", en: "" });
  const [typed, setTyped] = useState(item?.body.numbers.join(", ") ?? "");
  const [menu, setMenu] = useState(item?.body.menu ?? menus[0]?.id ?? "");
  const numbers = typed.split(/[\s,;]+/).filter(Boolean);
  const fits = numbers.length > 0 && numbers.every((one) => NUMBER.test(one));
  return (
    <ItemDialog
      kind="line"
      item={item}
      title={item ? t("menus.changeLine") : t("menus.newLine")}
      named={named}
      ready={fits && menu !== ""}
      body={{ name: named, numbers, menu }}
      onName={setNamed}
      onClose={onClose}
    >
      <TextField label={t("menus.numbers")} hint={t(typed && !fits ? "menus.numbersWrong" : "menus.numbersHint")} value={typed} onChange={setTyped} />
      <div className={fields.pair}>
        <Choice
          label={t("menus.answersMenu")}
          value={menu}
          options={menus.map((one) => ({ id: one.id, label: name(one.body.name, one.id) }))}
          onChange={setMenu}
        />
      </div>
    </ItemDialog>
  );
}
