import { useState } from "react";
import { Button, Dialog, Popover } from "react-aria-components";
import { useSpeech } from "../i18n";
import css from "./CallStage.module.css";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

interface KeypadProps {
  trigger: React.RefObject<HTMLElement | null>;
  onPress: (digit: string) => void;
  onClose: () => void;
}

/** Tones for a machine at the other end; the keyboard's digits work too. What was pressed is forgotten when it closes. */
export function Keypad({ trigger, onPress, onClose }: KeypadProps) {
  const { t } = useSpeech();
  const [pressed, setPressed] = useState("");
  const press = (digit: string) => {
    onPress(digit);
    setPressed((before) => before + digit);
  };
  return (
    <Popover triggerRef={trigger} isOpen onOpenChange={(open) => !open && onClose()} className={css.pad ?? ""} placement="bottom">
      <Dialog aria-label={t("call.keypad")}>
        <div
          role="presentation"
          onKeyDown={(event) => {
            if (event.altKey || event.ctrlKey || event.metaKey || !KEYS.includes(event.key)) return;
            event.preventDefault();
            press(event.key);
          }}
        >
          <output className={css.pressed}>{pressed.slice(-16)}</output>
          <div className={css.digits}>
            {KEYS.map((digit, index) => (
              <Button key={digit} className={css.digit ?? ""} autoFocus={index === 0} onPress={() => press(digit)}>
                {digit}
              </Button>
            ))}
          </div>
        </div>
      </Dialog>
    </Popover>
  );
}
