import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Panel } from "@kit/components/Panel";
import { Empty, Skeleton } from "@kit/components/States";
import { useEffect, useRef, useState } from "react";
import { refusalText } from "../session/useCommand";
import { Choice, Flag } from "./Fields";
import { soundPath, useTry, type Line } from "./data";
import css from "./Try.module.css";
import { useEditor } from "./editor";
import { useRegions } from "./NodeChoices";
import { play, stopPlaying, usePlaying } from "./player";
import { TryLines } from "./TryLines";
import { toast, useTexts } from "./texts";
import { fromLocal } from "./when";

const KEYS = Array.from("123456789*0#");
const HEARD = "try";

interface Circumstances {
  at: string;
  region: string;
  segment: string;
  known: boolean;
  language: "" | "ru" | "en";
}

const NOBODY: Circumstances = { at: "", region: "", segment: "", known: false, language: "" };

/** Segments that the menu itself speaks of. */
function segmentsOf(menu: ReturnType<typeof useEditor>["menu"]): string[] {
  const found = Object.values(menu.nodes).flatMap((node) => [
    ...Object.keys(node.by_segment ?? {}),
    ...(node.field === "segment" ? Object.keys(node.cases ?? {}) : []),
  ]);
  return [...new Set(found)];
}

/** The lines that came after the last answer, as sounds to play, each with the place of its line. */
function soundsOf(lines: Line[], from: number): { line: number; url: string }[] {
  return lines.flatMap((line, at) =>
    at < from || line.kind !== "say"
      ? []
      : line.sounds.map((name) => ({ line: at, url: soundPath(name === "beep" ? "any" : line.language, name) })),
  );
}

/** Call the menu as it stands in the editor: nothing is stored, nobody is called. */
export function TryPanel() {
  const speech = useTexts();
  const { t, languageName } = speech;
  const { menu, problems, sound, chosen, choose } = useEditor();
  const regions = useRegions();
  const [given, setGiven] = useState(NOBODY);
  const [keys, setKeys] = useState<string[]>([]);
  const [typed, setTyped] = useState("");
  const [aloud, setAloud] = useState(false);
  const [playedFrom, setPlayedFrom] = useState(0);
  const list = useRef<HTMLOListElement>(null);
  const heard = useTry(
    sound,
    {
      keys,
      stop: true,
      at: fromLocal(given.at),
      known: given.known,
      region: given.region || null,
      segment: given.segment.trim() || null,
      language: given.language || null,
    },
  );
  const lines = problems.length === 0 ? (heard.data?.lines ?? []) : [];
  const over = heard.data?.over ?? false;
  const heardAt = usePlaying(HEARD);
  const current = heardAt === null ? null : (soundsOf(lines, playedFrom)[heardAt]?.line ?? null);
  const asks = lines.at(-1)?.kind === "ask" ? Number(lines.at(-1)?.what) : 0;
  const answered = lines.findLastIndex((line) => line.kind === "key" || line.kind === "silence") + 1;

  const listen = (from: number, of: Line[]) => {
    setPlayedFrom(from);
    play(HEARD, soundsOf(of, from).map((one) => one.url), () => toast(({ t }) => t("menus.noSound"), "alert"));
  };

  // What is new is heard at once, where sound is wanted; and it is brought into view.
  const spoken = heard.isPlaceholderData ? "" : JSON.stringify(lines);
  const listenAgain = useRef(listen);
  useEffect(() => {
    listenAgain.current = listen;
  });
  useEffect(() => {
    if (!spoken) return;
    const now = JSON.parse(spoken) as Line[];
    list.current?.lastElementChild?.scrollIntoView({ block: "nearest" });
    if (aloud) listenAgain.current(now.findLastIndex((line) => line.kind === "key" || line.kind === "silence") + 1, now);
  }, [spoken, aloud]);
  useEffect(() => stopPlaying, []);

  const answer = (entry: string) => {
    stopPlaying();
    setTyped("");
    setKeys([...keys, entry]);
  };
  const press = (key: string) => {
    if (asks === 0) return;
    if (asks > 1 && key !== "#") {
      const next = typed + key;
      if (next.length >= asks) answer(next);
      else setTyped(next);
    } else answer(asks > 1 ? `${typed}#` : key);
  };
  const hearOrNot = (on: boolean) => {
    if (!on) stopPlaying();
    setAloud(on);
  };
  const again = () => {
    stopPlaying();
    setTyped("");
    setKeys([]);
  };

  return (
    <Panel
      className={css.panel}
      title={t("menus.try")}
      end={
        <Button size="s" icon="retry" onPress={again} isDisabled={keys.length === 0 && !typed}>
          {t("menus.again")}
        </Button>
      }
    >
      <details className={css.given}>
        <summary>
          {t("menus.circumstances", {
            when: given.at ? speech.date(fromLocal(given.at) ?? 0) + ", " + speech.time(fromLocal(given.at) ?? 0) : t("menus.now"),
            who: given.known ? t("menus.knownCaller") : t("menus.unknownCaller"),
          })}
        </summary>
        <div className={css.fields}>
          <label>
            {t("menus.when")}
            <input
              type="datetime-local"
              className={field.field}
              value={given.at}
              onChange={(event) => setGiven({ ...given, at: event.target.value })}
            />
          </label>
          <Flag label={t("menus.isKnown")} value={given.known} onChange={(known) => setGiven({ ...given, known })} />
          <Choice
            label={t("fact.region")}
            none={t("menus.noRegion")}
            value={given.region}
            options={regions}
            onChange={(region) => setGiven({ ...given, region })}
          />
          <Choice
            label={t("fact.segment")}
            none={t("menus.noSegment")}
            value={given.segment}
            options={segmentsOf(menu).map((segment) => ({ id: segment, label: segment }))}
            onChange={(segment) => setGiven({ ...given, segment })}
          />
          <Choice
            label={t("fact.language")}
            none={t("menus.noLanguage")}
            value={given.language}
            options={["ru", "en"].map((code) => ({ id: code, label: languageName(code) }))}
            onChange={(language) => setGiven({ ...given, language: language as Circumstances["language"] })}
          />
        </div>
      </details>
      {problems.length > 0 ? (
        <Empty icon="alert" title={t("menus.tryLater")}>
          <p className="sm sub">{t("menus.tryLaterHint")}</p>
        </Empty>
      ) : heard.isError ? (
        <Empty icon="signal" title={refusalText(speech, heard.error)}>
          <Button icon="retry" onPress={() => void heard.refetch()}>
            {t("message.retry")}
          </Button>
        </Empty>
      ) : heard.isPending ? (
        <Skeleton label={t("state.loading")} lines={5} />
      ) : (
        <>
          <TryLines lines={lines} current={current} chosen={chosen} onChoose={choose} ref={list} />
          <div
            className={css.phone}
            role="group"
            aria-label={t("menus.keypad")}
            onKeyDown={(event) => {
              const isField = (event.target as HTMLElement).tagName === "INPUT";
              if (isField || event.altKey || event.ctrlKey || event.metaKey || !KEYS.includes(event.key)) return;
              event.preventDefault();
              press(event.key);
            }}
          >
            <p className={css.state} role="status">
              {over ? t("menus.over") : asks > 1 ? t("menus.typed", { typed: typed || "…" }) : t("menus.waits")}
            </p>
            <div className={css.keys}>
              {KEYS.map((key) => (
                <Button key={key} className={css.digit} isDisabled={over} onPress={() => press(key)}>
                  {key}
                </Button>
              ))}
            </div>
            <div className={css.actions}>
              <Button size="s" isDisabled={over} onPress={() => answer(typed)}>
                {typed ? t("menus.stopTyping") : t("menus.silent")}
              </Button>
              <Button size="s" icon="undo" isDisabled={keys.length === 0} onPress={() => setKeys(keys.slice(0, -1))}>
                {t("menus.back")}
              </Button>
              <span className="end row">
                <Flag label={t("menus.aloud")} value={aloud} onChange={hearOrNot} />
                <Button
                  size="s"
                  icon={current === null ? "play" : "pause"}
                  onPress={() => (current === null ? listen(answered, lines) : stopPlaying())}
                >
                  {current === null ? t("menus.hear") : t("menus.stop")}
                </Button>
              </span>
            </div>
          </div>
        </>
      )}
    </Panel>
  );
}
