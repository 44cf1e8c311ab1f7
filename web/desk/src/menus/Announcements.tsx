import { Button, IconButton } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { useId } from "react";
import { useConfig } from "../config/config";
import type { Problem } from "./data";
import css from "./Fields.module.css";
import { Group, Labelled } from "./Fields";
import type { Announcement } from "./model";
import { PromptList } from "./PromptList";
import { useTexts } from "./texts";
import { fromLocal, toLocal } from "./when";

interface AnnouncementFieldsProps {
  value: Announcement;
  languages: string[];
  problems?: Problem[];
  onChange: (value: Announcement) => void;
}

/** What is said to callers of some regions, from when until when. */
export function AnnouncementFields({ value, languages, problems = [], onChange }: AnnouncementFieldsProps) {
  const { t, name } = useTexts();
  const regions = useConfig("region").data ?? [];
  const chosen = value.regions ?? [];
  const id = useId();
  const nameOf = (region: string) => name(regions.find((one) => one.id === region)?.body.name, region);
  const bounds: ["since" | "until", string][] = [
    ["since", t("menus.since")],
    ["until", t("menus.until")],
  ];
  return (
    <>
      <PromptList
        label={t("field.prompts")}
        value={value.prompts}
        languages={languages}
        problems={problems.filter((one) => !one.code.includes("region"))}
        onChange={(prompts) => onChange({ ...value, prompts })}
      />
      <Group
        label={t("menus.regions")}
        hint={chosen.length === 0 ? t("menus.everywhere") : undefined}
        problems={problems.filter((one) => one.code.includes("region"))}
      >
        <ul className={css.tags}>
          {chosen.map((region) => (
            <li key={region}>
              {nameOf(region)}
              <IconButton
                icon="x"
                label={t("menus.takeOut", { name: nameOf(region) })}
                onPress={() => onChange({ ...value, regions: chosen.filter((other) => other !== region) })}
              />
            </li>
          ))}
        </ul>
        <select
          className={field.field}
          aria-label={t("menus.addRegion")}
          value=""
          onChange={(event) => onChange({ ...value, regions: [...chosen, event.target.value] })}
        >
          <option value="">{t("menus.addRegion")}</option>
          {regions
            .filter((region) => !chosen.includes(region.id))
            .map((region) => (
              <option key={region.id} value={region.id}>
                {name(region.body.name)}
              </option>
            ))}
        </select>
      </Group>
      <div className={css.pair}>
        {bounds.map(([bound, label]) => (
          <Labelled key={`${id}${bound}`} label={label}>
            {(control) => (
              <input
                {...control}
                type="datetime-local"
                className={field.field}
                value={toLocal(value[bound] ?? null)}
                onChange={(event) => onChange({ ...value, [bound]: fromLocal(event.target.value) })}
              />
            )}
          </Labelled>
        ))}
      </div>
    </>
  );
}

interface AnnouncementsProps {
  value: Announcement[];
  languages: string[];
  problems: Problem[];
  onChange: (value: Announcement[]) => void;
}

/** The menu's own announcements; incidents of the whole centre are said before them. */
export function Announcements({ value, languages, problems, onChange }: AnnouncementsProps) {
  const { t } = useTexts();
  return (
    <Group label={t("field.items")} hint={t("menus.incidentsFirst")}>
      <div className={css.rows}>
        {value.map((item, index) => (
          // The list has no other identity than its order.
          <div key={index} className={css.box}>
            <AnnouncementFields
              value={item}
              languages={languages}
              problems={problems.filter((one) => `${one.field}.`.startsWith(`items.${index}.`))}
              onChange={(next) => onChange(value.map((other, at) => (at === index ? next : other)))}
            />
            <div>
              <Button size="s" icon="trash" onPress={() => onChange(value.filter((_, at) => at !== index))}>
                {t("menus.removeItem")}
              </Button>
            </div>
          </div>
        ))}
        <div>
          <Button size="s" icon="plus" onPress={() => onChange([...value, { prompts: ["incident"], regions: [] }])}>
            {t("menus.addItem")}
          </Button>
        </div>
      </div>
    </Group>
  );
}
