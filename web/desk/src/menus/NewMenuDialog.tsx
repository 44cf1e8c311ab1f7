import { api } from "@kit/client";
import { Button } from "@kit/components/Button";
import { Modal } from "@kit/components/Modal";
import { useState } from "react";
import { useLocation } from "wouter";
import { useConfig } from "../config/config";
import { useCommand } from "../session/useCommand";
import { useForget } from "./data";
import { Choice, TextField } from "./Fields";
import fields from "./Fields.module.css";
import css from "./Menus.module.css";
import { makeNode, type Menu } from "./model";
import { slug } from "./slug";
import { useTexts } from "./texts";

/** Says hello, that it is recorded, and goodbye: sound from the first moment. */
const FIRST: Menu = {
  start: "greeting",
  languages: ["ru", "en"],
  language: "ru",
  keys: {},
  give_up: "goodbye",
  most_visits: 60,
  facts_seconds: 1,
  nodes: {
    greeting: { ...makeNode("say", "recording"), prompts: ["greeting"] },
    recording: makeNode("notice", "goodbye"),
    goodbye: makeNode("hangup", ""),
  },
};

/** A new menu, from nothing or from one that there is. */
export function NewMenuDialog({ onClose }: { onClose: () => void }) {
  const { t, name } = useTexts();
  const menus = useConfig("menu").data ?? [];
  const forget = useForget();
  const { run, busy } = useCommand();
  const [, navigate] = useLocation();
  const [named, setNamed] = useState({ ru: "", en: "" });
  const [from, setFrom] = useState("");
  const isReady = named.ru.trim() !== "" && named.en.trim() !== "";

  const make = async () => {
    const id = slug(named.en, "menu");
    const menu = menus.find((one) => one.id === from)?.body.menu ?? FIRST;
    const done = await run(() => api.put(`/config/menu/${id}`, { name: named, menu }, null));
    if (!done) return;
    await forget("menu");
    navigate(`/menus/${id}`);
  };
  return (
    <Modal title={t("menus.newMenu")} closeLabel={t("state.close")} onClose={onClose}>
      <form
        className={css.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void make();
        }}
      >
        <div className={fields.pair}>
          <TextField autoFocus label={t("menus.nameRu")} lang="ru" value={named.ru} onChange={(ru) => setNamed({ ...named, ru })} />
          <TextField label={t("menus.nameEn")} lang="en" value={named.en} onChange={(en) => setNamed({ ...named, en })} />
        </div>
        <Choice
          label={t("menus.copyFrom")}
          none={t("menus.copyNothing")}
          value={from}
          options={menus.map((one) => ({ id: one.id, label: name(one.body.name, one.id) }))}
          onChange={setFrom}
        />
        <div className="row">
          <Button type="submit" look="primary" isPending={busy} isDisabled={!isReady}>
            {t("menus.make")}
          </Button>
          <Button onPress={onClose}>{t("steer.keep")}</Button>
        </div>
      </form>
    </Modal>
  );
}
