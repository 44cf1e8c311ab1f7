import field from "@kit/components/Field.module.css";
import { Icon } from "@kit/components/Icon";
import { useId, useState, type ReactNode } from "react";
import type { Problem } from "./data";
import css from "./Fields.module.css";
import { useTexts } from "./texts";

/** Defects of one field, beside it. */
export function Defects({ problems, id }: { problems: Problem[]; id?: string | undefined }) {
  const { name } = useTexts();
  if (problems.length === 0) return null;
  return (
    <ul className={css.defects} id={id}>
      {problems.map((one) => (
        <li key={`${one.node} ${one.field} ${one.code} ${one.what}`}>
          <Icon name="alert" size="s" />
          {name(one.text)}
        </li>
      ))}
    </ul>
  );
}

interface LabelledProps {
  label: string;
  hint?: string | undefined;
  problems?: Problem[] | undefined;
  /** `id` and `described` belong to the control. */
  children: (control: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean }) => ReactNode;
}

/** A label above its control, a hint and the defects below. */
export function Labelled({ label, hint, problems = [], children }: LabelledProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, problems.length > 0 && `${id}-defects`].filter(Boolean).join(" ");
  return (
    <div className={css.field}>
      <label className={field.label} htmlFor={id}>
        {label}
      </label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": problems.length > 0 })}
      {hint && (
        <p className={css.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Defects problems={problems} id={`${id}-defects`} />
    </div>
  );
}

interface GroupProps {
  label: string;
  hint?: string | undefined;
  problems?: Problem[] | undefined;
  children: ReactNode;
}

/** Several controls under one name. */
export function Group({ label, hint, problems = [], children }: GroupProps) {
  const id = useId();
  return (
    <fieldset className={css.field} aria-describedby={hint ? `${id}-hint` : undefined}>
      <legend className={field.label}>{label}</legend>
      {hint && (
        <p className={css.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children}
      <Defects problems={problems} />
    </fieldset>
  );
}

interface TextFieldProps extends Omit<LabelledProps, "children"> {
  value: string;
  onChange: (value: string) => void;
  lang?: string;
  placeholder?: string;
  autoFocus?: boolean;
}

export function TextField({ value, onChange, lang, placeholder, autoFocus, ...rest }: TextFieldProps) {
  return (
    <Labelled {...rest}>
      {(control) => (
        <input
          {...control}
          className={field.field}
          value={value}
          lang={lang}
          placeholder={placeholder}
          autoFocus={autoFocus}
          maxLength={120}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Labelled>
  );
}

interface NumberFieldProps extends Omit<LabelledProps, "children"> {
  value: number;
  unit?: string | undefined;
  onChange: (value: number) => void;
}

/** A number in the person's own writing; what is no number is marked and not taken. */
export function NumberField({ value, unit, onChange, ...rest }: NumberFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const read = (text: string) => (text.trim() === "" ? NaN : Number(text.trim().replace(",", ".")));
  const wrong = typed !== null && !Number.isFinite(read(typed));
  return (
    <Labelled {...rest}>
      {(control) => (
        <span className={css.number}>
          <input
            {...control}
            aria-invalid={wrong || control["aria-invalid"]}
            className={field.field}
            inputMode="decimal"
            value={typed ?? String(value)}
            onChange={(event) => {
              setTyped(event.target.value);
              const number = read(event.target.value);
              if (Number.isFinite(number)) onChange(number);
            }}
            onBlur={() => setTyped(null)}
          />
          {unit && <span className="sub">{unit}</span>}
        </span>
      )}
    </Labelled>
  );
}

interface FlagProps {
  label: string;
  hint?: string | undefined;
  value: boolean;
  onChange: (value: boolean) => void;
}

export function Flag({ label, hint, value, onChange }: FlagProps) {
  return (
    <label className={css.flag}>
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  );
}

export interface Option {
  id: string;
  label: string;
}

interface ChoiceProps extends Omit<LabelledProps, "children"> {
  value: string;
  options: Option[];
  /** What stands for nothing; without it nothing must be chosen from. */
  none?: string;
  onChange: (value: string) => void;
}

/** One of a list. A value that is not in the list is shown as it is. */
export function Choice({ value, options, none, onChange, ...rest }: ChoiceProps) {
  const strange = value !== "" && !options.some((one) => one.id === value);
  return (
    <Labelled {...rest}>
      {(control) => (
        <select {...control} className={field.field} value={value} onChange={(event) => onChange(event.target.value)}>
          {(none !== undefined || value === "") && <option value="">{none ?? "—"}</option>}
          {strange && <option value={value}>{value}</option>}
          {options.map((one) => (
            <option key={one.id} value={one.id}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
