import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import type { IconName } from "../icon-names";
import { tellKeys, type Chord } from "../keyboard";
import css from "./Button.module.css";
import { Icon } from "./Icon";
import { Kbd } from "./Kbd";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children"> {
  look?: "plain" | "primary" | "accept" | "ghost" | "danger";
  size?: "s" | "m" | "l";
  icon?: IconName | undefined;
  chord?: Chord;
  className?: string | undefined;
  children?: React.ReactNode;
}

/** A button names its result; `chord` is printed on it and announced. */
export function Button({ look = "plain", size = "m", icon, chord, className = "", children, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      ref={tellKeys(chord)}
      className={`${css.button} ${css[look]} ${css[size]} ${className}`}
    >
      {icon && <Icon name={icon} size={size === "s" ? "s" : "m"} />}
      {children}
      {chord && <Kbd chord={chord} small={size === "s"} />}
    </AriaButton>
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children"> {
  icon: IconName;
  label: string;
  dot?: boolean;
}

export function IconButton({ icon, label, dot = false, ...rest }: IconButtonProps) {
  return (
    <AriaButton {...rest} aria-label={label} className={`${css.iconButton} ${dot ? css.dot : ""}`}>
      <Icon name={icon} />
    </AriaButton>
  );
}
