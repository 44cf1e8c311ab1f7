import type { ContactPageResult } from "@kit/api";
import { api, query } from "@kit/client";
import { keyText } from "@kit/keyboard";
import { setDensity, setTheme, useAppearance } from "@kit/theme";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLocation } from "wouter";
import { insertReply } from "../composer/insert";
import { repliesFor } from "../composer/canned";
import { makesCalls, openCallOut, telephoneNumber } from "../calling-out/calling";
import { useConfig, useNames, usePeople } from "../config/config";
import { openTransfer } from "../conversation/transferring";
import { useSections } from "../frame/Frame";
import { useSpeech } from "../i18n";
import { useKeys } from "../keyboard/keys";
import { openHelp } from "../keyboard/open";
import { useLive } from "../live/store";
import { useCommand } from "../session/useCommand";
import { select, useDesk } from "../work/desk";
import { aboutWhat, whoIs } from "../work/labels";
import { contactNumber, type Command } from "./commands";

/** The contact with the typed number, if there is one. */
function useContactByNumber(typed: string) {
  const number = contactNumber(typed);
  return useQuery({
    queryKey: ["contacts", "number", number],
    queryFn: () => api.get<ContactPageResult>(`/contacts${query({ number })}`),
    enabled: number !== null,
    retry: false,
  }).data?.items;
}

export function useCommands(typed: string): Command[] {
  const speech = useSpeech();
  const names = useNames();
  const sections = useSections();
  const [, navigate] = useLocation();
  const { run } = useCommand();
  const { theme, density } = useAppearance();
  const keys = useKeys();
  const desk = useLive((state) => state.desk);
  const selected = useDesk((ui) => ui.selected);
  const canned = useConfig("canned").data;
  const breaks = useConfig("break_reason").data;
  const people = usePeople().data;
  const byNumber = useContactByNumber(typed);

  return useMemo(() => {
    const { t, name, language, setLanguage } = speech;
    const commands: Command[] = [];
    const add = (group: string, id: string, icon: Command["icon"], title: string, act: () => void, hint = "") =>
      commands.push({ id, group, icon, title, run: act, ...(hint ? { hint } : {}) });
    const presence = (body: object) => () => void run(() => api.put("/me/presence", body));
    const actions = t("command.actions");

    for (const row of byNumber ?? []) {
      add(t("nav.contacts"), `found-${row.id}`, "chat", `C-${String(row.number)}`, () => navigate(`/contacts/${row.id}`),
        names.reason(row.reason) || names.queue(row.queue));
    }
    const row = selected ? desk?.work[selected] : undefined;
    if (row?.state === "talking") {
      add(actions, "transfer", "transfer", t("command.transfer", { who: whoIs(row, speech, names) }), () => {
        navigate("/");
        openTransfer(row.id);
      }, keyText(keys.transfer));
      add(actions, "end", "check", t("command.end", { who: whoIs(row, speech, names) }), () =>
        void run(() => api.post(`/contacts/${row.id}/end`, {})), keyText(keys.end));
    }
    for (const item of Object.values(desk?.work ?? {})) {
      if (item.id !== selected && item.state !== "offered") {
        add(actions, `go-${item.id}`, "chat", t("command.go", { who: whoIs(item, speech, names) }), () => {
          navigate("/");
          select(item.id);
        }, aboutWhat(item, names));
      }
    }
    if (desk && makesCalls(desk)) {
      const number = telephoneNumber(typed);
      if (number !== null) add(actions, "call-number", "phone", t("command.callNumber", { number }), () => openCallOut({ number }));
      add(actions, "call", "phone", t("command.call"), () => openCallOut());
    }
    if (desk) {
      if (desk.me.presence !== "available") {
        add(actions, "available", "right", t("idle.goOnLine"), presence({ presence: "available" }));
      }
      const raised = desk.me.hand !== null;
      add(actions, "hand", "hand", raised ? t("hand.lower") : t("hand.raise"), () =>
        void run(() => api.put("/me/hand", { raised: !raised, ...(row && !raised ? { contact: row.id } : {}) })), keyText(keys.hand));
      for (const item of breaks ?? []) {
        add(actions, `break-${item.id}`, "clock", t("command.break", { name: name(item.body.name) }),
          presence({ presence: "break", reason: item.id }));
      }
    }
    for (const section of sections) {
      add(actions, section.path, "right", t("command.open", { name: t(section.key) }), () => navigate(section.path));
    }
    add(actions, "theme", theme === "dark" ? "sun" : "moon", theme === "dark" ? t("frame.light") : t("frame.dark"), () =>
      setTheme(theme === "dark" ? "light" : "dark"));
    add(actions, "density", "list", density === "compact" ? t("me.comfortable") : t("me.compact"), () =>
      setDensity(density === "compact" ? "comfortable" : "compact"));
    add(actions, "language", "globe", t("command.otherLanguage"), () => setLanguage(language === "ru" ? "en" : "ru"));
    add(actions, "help", "keys", t("help.all"), openHelp, "?");

    if (row?.state === "talking") {
      add(actions, "transfer", "transfer", t("command.transfer", { who: whoIs(row, speech, names) }), () => {
        navigate("/");
        openTransfer(row.id);
      }, keyText(keys.transfer));
      for (const reply of repliesFor(canned ?? [], row.queue, row.language === "en" ? "en" : "ru")) {
        add(t("composer.canned"), `reply-${reply.id}`, "bolt", `${reply.shortcut} ${reply.title}`, () => insertReply(reply), reply.text);
      }
    }
    if (typed.trim()) {
      for (const person of people?.filter(({ active }) => active) ?? []) {
        add(t("transfer.colleagues"), `person-${person.id}`, "user", person.name, () =>
          navigate(`/contacts?agent=${person.id}`), t("command.contactsOf"));
      }
    }
    return commands;
  }, [speech, names, sections, navigate, run, theme, density, keys, desk, selected, canned, breaks, people, byNumber, typed]);
}
