/** What the caller sees: the question for the microphone, where the call is, keys, mute, the end and why. */
import { words, type Words } from "../format";
import type { Language } from "../types";
import type { Text } from "../texts";
import { element, icon } from "./dom";
import type { Phase, Standing } from "./line";
import * as T from "./texts";

export interface Hands {
  begin: () => void;
  press: (key: string) => void;
  mute: () => void;
  unblock: () => void;
  hangUp: () => void;
  /** Close; `chat`: and open the chat. */
  leave: (chat: boolean) => void;
}

const PHASES: Record<Exclude<Phase, "ask" | "ended">, Text> = {
  microphone: T.microphone,
  connecting: T.connecting,
  menu: T.menu,
  queue: T.queue,
  message: T.message,
  talking: T.talking,
  held: T.held,
  grade: T.grade,
};

const ENDS: Record<string, Text> = {
  done: T.done,
  caller: T.done,
  moved: T.moved,
  busy: T.busy,
  "rate.calls": T.busy,
  "rate.calls_of_all": T.busy,
  "rate.sockets": T.busy,
  no_line: T.closed,
  "call.no_line": T.closed,
  "call.no_worker": T.closed,
  "chat.entry_unknown": T.closed,
  "chat.number": T.badNumber,
  "microphone.denied": T.denied,
  "microphone.missing": T.missing,
  "microphone.unable": T.browser,
  "microphone.busy": T.taken,
  unconnected: T.failed,
  error: T.failed,
  failed: T.failed,
};

const KEYS = "123456789*0#";
const FULL_SCREEN = "(max-width: 480px), (max-height: 480px)";

export class View {
  private readonly hands: Hands;
  private readonly about: { number: string };
  private readonly frame: HTMLElement;
  private readonly panel: HTMLDialogElement;
  private readonly pill: HTMLButtonElement;
  private say: Words["say"] = words("ru").say;
  private language: Language | "" = "";
  private drawn = "";
  private keypad = false;
  private standing: Standing | null = null;
  private clock: HTMLElement | null = null;

  constructor(root: ShadowRoot, about: { number: string }, hands: Hands) {
    this.hands = hands;
    this.about = about;
    this.panel = element("dialog", { class: "panel call", tabindex: "-1" });
    this.pill = element("button", { class: "below pill pri", onclick: () => this.show() });
    this.pill.hidden = true;
    this.frame = element("div", { class: "root" }, this.panel, this.pill);
    root.append(this.frame);
    this.panel.oncancel = (event) => {
      event.preventDefault();
      this.fold();
    };
    this.panel.onkeydown = (event) => {
      const typing = event.composedPath()[0] instanceof HTMLInputElement;
      if (event.key === "Escape") this.fold();
      else if (!typing && event.key.length === 1 && KEYS.includes(event.key) && !event.ctrlKey && !event.metaKey) this.hands.press(event.key);
    };
    const tick = setInterval(() => {
      if (!this.frame.isConnected) clearInterval(tick);
      this.tick();
    }, 1000);
  }

  show(): void {
    this.pill.hidden = true;
    if (this.panel.open) return;
    if (matchMedia(FULL_SCREEN).matches) this.panel.showModal();
    else this.panel.show();
    this.focus();
  }

  draw(standing: Standing, page: { language: Language; theme: string }): void {
    this.standing = standing;
    this.frame.dataset["theme"] = page.theme;
    if (page.language !== this.language) {
      this.language = page.language;
      this.say = words(page.language).say;
      this.frame.lang = page.language;
    }
    const { phase, lost, muted, blocked, deviceLost, reason } = standing;
    const looks = JSON.stringify([phase, lost, muted, blocked, deviceLost, reason, this.keypad, page.language]);
    if (looks === this.drawn) return;
    this.drawn = looks;
    const focused = this.panel.getRootNode() as ShadowRoot;
    const held = focused.activeElement instanceof HTMLElement ? focused.activeElement.dataset["name"] : undefined;
    const had = focused.activeElement !== null;
    this.panel.ariaLabel = this.say(T.title);
    this.panel.replaceChildren(this.head(), ...(phase === "ask" ? this.ask() : phase === "ended" ? this.ended(reason) : this.running(standing)));
    if (had) this.focus(held);
    if (phase === "ended" && this.pill.hidden === false) this.show();
    this.tick();
  }

  /** To what had it, else to the screen's first thing to do; never to the end of the call, which Enter may still hit. */
  private focus(name?: string): void {
    const same = name === undefined ? null : this.panel.querySelector<HTMLElement>(`[data-name="${name}"]`);
    (same ?? this.panel.querySelector<HTMLElement>(".pri") ?? this.panel).focus();
  }

  private fold(): void {
    const phase = this.standing?.phase;
    if (phase === "ask" || phase === "ended") {
      this.hands.leave(false);
      return;
    }
    this.panel.close();
    this.pill.hidden = false;
    this.tick();
    this.pill.focus();
  }

  private tick(): void {
    const standing = this.standing;
    if (standing === null) return;
    const since = standing.answered || standing.began;
    const seconds = since ? Math.max(0, Math.floor((Date.now() - since) / 1000)) : 0;
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (this.clock) this.clock.textContent = time;
    this.pill.replaceChildren(icon("phone"), time);
    this.pill.ariaLabel = `${this.say(T.back)}, ${time}`;
  }

  private button(name: string, text: Text, look: string, act: () => void): HTMLButtonElement {
    return element("button", { class: `btn ${look}`, "data-name": name, onclick: act }, this.say(text));
  }

  private head(): HTMLElement {
    const fold = element("button", { class: "icon", "data-name": "fold", "aria-label": this.say(T.minimise), onclick: () => this.fold() }, icon("down"));
    return element("header", { class: "head" }, icon("phone"), element("div", { class: "who" }, element("b", {}, this.say(T.title))), fold);
  }

  private ask(): HTMLElement[] {
    const number = element("input", { type: "tel", maxlength: "32", autocomplete: "tel", "data-name": "number" });
    number.value = this.about.number;
    number.oninput = () => (this.about.number = number.value);
    number.onkeydown = (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // else it would press what has the focus next
      this.hands.begin();
    };
    return [
      element("div", { class: "body" }, element("p", {}, this.say(T.intro)), element("div", { class: "about" }, element("label", {}, this.say(T.number), number))),
      element("div", { class: "foot" }, this.button("call", T.call, "pri", this.hands.begin), this.button("leave", T.notNow, "", () => this.hands.leave(false))),
    ];
  }

  private ended(reason: string): HTMLElement[] {
    const text = this.say(ENDS[reason] ?? T.gone);
    const fine = reason === "done" || reason === "caller" || reason === "moved";
    return [
      element("div", { class: "body" }, element("div", { class: "stand", role: "status" }, element("h2", {}, fine ? text : this.say(T.done)), fine ? "" : element("p", { class: "sub" }, text))),
      element(
        "div",
        { class: "foot wrap" },
        reason === "moved" || reason === "microphone.unable" ? "" : this.button("again", T.again, fine ? "" : "pri", this.hands.begin),
        this.button("chat", T.write, "", () => this.hands.leave(true)),
        this.button("leave", T.close, fine ? "pri" : "", () => this.hands.leave(false)),
      ),
    ];
  }

  private running(standing: Standing): HTMLElement[] {
    const { phase, lost, muted, blocked, deviceLost } = standing;
    const text = lost ? T.lost : PHASES[phase as keyof typeof PHASES];
    this.clock = element("span", { class: "time", role: "timer", "aria-live": "off" });
    const state = element("div", { class: "stand", role: "status" }, element("p", { class: lost ? "lead bad" : "lead" }, this.say(text)));
    const notes = [deviceLost ? T.deviceLost : null, muted ? T.muted : null].filter((note) => note !== null);
    const open = this.keypad || phase === "menu" || phase === "message" || phase === "grade";
    const keys = (phase === "grade" ? "12345" : KEYS).split("");
    const live = phase !== "microphone" && phase !== "connecting";
    const pad = element(
      "div",
      { class: phase === "grade" ? "pad five" : "pad", role: "group", "aria-label": this.say(T.keypad) },
      ...keys.map((key) => element("button", { class: "key", "data-name": `key${key}`, onclick: () => this.hands.press(key) }, key)),
    );
    const tool = (name: string, picture: string, label: Text, on: boolean, act: () => void) =>
      element("button", { class: "tool", "data-name": name, "aria-pressed": String(on), onclick: act }, icon(picture), element("small", {}, this.say(label)));
    return [
      element("div", { class: "body middle" }, state, this.clock, ...notes.map((note) => element("p", { class: "sub mark" }, this.say(note))), live && open ? pad : ""),
      blocked ? element("div", { class: "foot" }, this.button("sound", T.sound, "pri", this.hands.unblock)) : "",
      element(
        "div",
        { class: "foot tools" },
        tool("mute", muted ? "off" : "mic", muted ? T.unmute : T.mute, muted, this.hands.mute),
        tool("keys", "keys", T.keypad, open, () => {
          this.keypad = !this.keypad;
          if (this.standing !== null && this.language !== "") this.draw(this.standing, { language: this.language, theme: this.frame.dataset["theme"] ?? "" });
        }),
        element("button", { class: "tool end", "data-name": "end", onclick: this.hands.hangUp }, icon("phone"), element("small", {}, this.say(T.hangUp))),
      ),
    ].filter((part) => part instanceof HTMLElement);
  }
}
