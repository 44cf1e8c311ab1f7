import { Icon } from "@kit/components/Icon";
import { Kbd } from "@kit/components/Kbd";
import type { IconName } from "@kit/icon-names";
import { tellKeys, type Chord } from "@kit/keyboard";
import { Button, type ButtonProps } from "react-aria-components";
import css from "./CallStage.module.css";

interface CallControlProps extends Omit<ButtonProps, "className" | "style" | "children"> {
  icon: IconName;
  label: string;
  chord?: Chord;
  isEnd?: boolean;
  ref?: React.RefObject<HTMLButtonElement | null>;
}

/** One control of a call: its name never changes, whether it is on is `aria-pressed`. */
export function CallControl({ icon, label, chord, isEnd = false, ref, ...rest }: CallControlProps) {
  const tell = tellKeys(chord);
  return (
    <Button
      {...rest}
      ref={(control) => {
        tell(control);
        if (ref) ref.current = control;
      }}
      className={`${css.control} ${isEnd ? css.end : ""}`}
    >
      <span className={css.glyph}>
        <Icon name={icon} />
        {chord && (
          <span className={css.key}>
            <Kbd chord={chord} small />
          </span>
        )}
      </span>
      <span>{label}</span>
    </Button>
  );
}
