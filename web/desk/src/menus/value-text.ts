import { useCallback } from "react";
import { useNames } from "../config/config";
import { inKeyOrder } from "./model";
import { useTexts } from "./texts";

/** A value of a menu in words: never JSON. */
export function useValueText(): (value: unknown) => string {
  const { t, number } = useTexts();
  const names = useNames();
  return useCallback(
    (value: unknown) => {
      const say = (one: unknown): string => {
        if (one === null || one === undefined || one === "") return t("menus.nothing");
        if (typeof one === "boolean") return t(one ? "answer.yes" : "answer.no");
        if (typeof one === "number") return number(one);
        if (typeof one === "string") return names.queue(one) || one;
        if (Array.isArray(one)) return one.length === 0 ? t("menus.nothing") : one.map(say).join(", ");
        const table = one as Record<string, unknown>;
        if (Array.isArray(table.prompts)) return say(table.prompts);
        const keys = inKeyOrder(Object.keys(table));
        return keys.length === 0 ? t("menus.nothing") : keys.map((key) => `${key} → ${say(table[key])}`).join(", ");
      };
      return say(value);
    },
    [t, number, names],
  );
}
