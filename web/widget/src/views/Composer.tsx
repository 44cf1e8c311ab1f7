import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons";
import { ACCEPT } from "../uploads";
import { useShared } from "./context";

const LONGEST = 4000;

export function Composer({ atStart }: { atStart: boolean }) {
  const { t, state, controller, storage } = useShared();
  const [text, setText] = useState(() => storage.get("draft") ?? "");
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);

  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "auto"; // through the object model, which no policy forbids
    element.style.height = `${Math.min(element.scrollHeight + 2, 132)}px`;
  }, [text]);

  const write = (value: string) => {
    setText(value);
    storage.set("draft", value);
  };
  const send = () => {
    const message = text.trim();
    if (message === "") return;
    controller.send(message);
    write("");
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = event.clipboardData?.files;
    if (files === undefined || files.length === 0) return;
    event.preventDefault();
    controller.attach(files);
  };

  const info = state.thread.info;
  const label = atStart
    ? state.entry?.open === false
      ? t.leaveMessage
      : t.orWrite
    : info?.state === "talking"
      ? t.write
      : info?.state === "ended" || state.expired
        ? t.writeMore
        : t.details;
  return (
    <div class="foot composer">
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={ACCEPT}
        onChange={(event) => {
          controller.attach(event.currentTarget.files ?? []);
          event.currentTarget.value = "";
        }}
      />
      <button type="button" class="round" aria-label={t.attach} disabled={state.expired} onClick={() => picker.current?.click()}>
        <Icon name="clip" />
      </button>
      <textarea
        ref={field}
        rows={1}
        value={text}
        maxLength={LONGEST}
        placeholder={label}
        aria-label={label}
        enterkeyhint="send"
        onInput={(event) => {
          write(event.currentTarget.value);
          controller.session.typing();
        }}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      <button type="button" class="round pri" aria-label={t.send} disabled={text.trim() === ""} onClick={send}>
        <Icon name="send" />
      </button>
    </div>
  );
}
