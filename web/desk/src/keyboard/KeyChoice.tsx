import { Kbd } from "@kit/components/Kbd";
import { chordOf, keyText } from "@kit/keyboard";
import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useSpeech } from "../i18n";
import css from "./KeyList.module.css";
import { nameOf, type KeyLine } from "./keymap";
import { changeKey, useKey, useWaitingAction, waitForKey, type Refusal } from "./keys";

const MODIFIER = /^(Control|Alt|Shift|Meta|OS|CapsLock|Fn)/;

type Choosable = Extract<KeyLine, { action: unknown }>;

/** A key that can be changed: press it here, then the new one. Esc or Tab leave it as it is. */
export function KeyChoice({ line: { action, text, n } }: { line: Choosable }) {
  const { t } = useSpeech();
  const chord = useKey(action);
  const waiting = useWaitingAction() === action;
  const [problem, setProblem] = useState<(Refusal & { chord: string }) | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const name = t(text, { n: n ?? 0 });

  useEffect(() => {
    if (!waiting) return;
    const onKey = (event: KeyboardEvent) => {
      if (MODIFIER.test(event.code) || event.isComposing) return;
      const pressed = chordOf(event);
      if (pressed !== "Tab" && pressed !== "Shift+Tab") {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
      if (["Escape", "Tab", "Shift+Tab"].includes(pressed)) {
        setProblem(null);
        waitForKey(null);
        return;
      }
      const refused = changeKey(action, pressed);
      setProblem(refused && { ...refused, chord: pressed });
      if (!refused) waitForKey(null);
    };
    const leave = () => waitForKey(null);
    addEventListener("keydown", onKey, true);
    button.current?.addEventListener("blur", leave);
    const node = button.current;
    return () => {
      removeEventListener("keydown", onKey, true);
      node?.removeEventListener("blur", leave);
    };
  }, [waiting, action]);
  useEffect(() => () => waitForKey(null), []);

  const why = () => {
    if (!problem) return "";
    const key = keyText(problem.chord);
    if (problem.why !== "taken") return t(`keys.refused.${problem.why}`, { key });
    const other = nameOf(problem.by);
    return t("keys.refused.taken", { key, name: t(other.text, { n: other.n ?? 0 }) });
  };
  return (
    <div>
      <dt>
        <Button
          ref={button}
          className={css.choice ?? ""}
          onPress={() => {
            setProblem(null);
            waitForKey(waiting ? null : action);
          }}
        >
          {waiting ? (
            <span className={css.press}>{t("keys.press")}</span>
          ) : (
            <>
              <span className="vh">{t("keys.change", { name, key: keyText(chord) })}</span>
              <Kbd chord={chord} />
            </>
          )}
        </Button>
      </dt>
      <dd>
        {name}
        <p className={css.refused} role="alert">
          {why()}
        </p>
      </dd>
    </div>
  );
}
