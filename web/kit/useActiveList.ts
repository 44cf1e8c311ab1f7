import { useState, type KeyboardEvent } from "react";

interface ActiveListOptions<T> {
  id: string;
  items: T[];
  onChoose: (item: T) => void;
  /** Keys besides Enter that choose, for example Tab. */
  alsoChoose?: string[];
}

/** A list led from a text field: the focus stays in the field, arrows move the active option, Enter chooses it. */
export function useActiveList<T>({ id, items, onChoose, alsoChoose = [] }: ActiveListOptions<T>) {
  const [wanted, setActive] = useState(0);
  const active = Math.min(wanted, Math.max(0, items.length - 1));
  const optionId = (index: number) => `${id}-${String(index)}`;

  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (items.length === 0 || event.nativeEvent.isComposing) return false;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      const next = (active + step + items.length) % items.length;
      setActive(next);
      document.getElementById(optionId(next))?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" || alsoChoose.includes(event.key)) {
      const item = items[active];
      if (item === undefined || event.ctrlKey || event.altKey || event.shiftKey) return false;
      onChoose(item);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  };

  return {
    active,
    setActive,
    onKeyDown,
    fieldProps: {
      role: "combobox",
      "aria-autocomplete": "list" as const,
      "aria-controls": id,
      "aria-expanded": items.length > 0,
      "aria-activedescendant": items.length > 0 ? optionId(active) : undefined,
    },
    listProps: { id, role: "listbox" },
    optionProps: (index: number) => ({
      id: optionId(index),
      role: "option",
      "aria-selected": index === active,
      onMouseMove: () => setActive(index),
      // The field keeps the focus while the pointer chooses.
      onMouseDown: (event: { preventDefault: () => void }) => event.preventDefault(),
      onClick: () => {
        const item = items[index];
        if (item !== undefined) onChoose(item);
      },
    }),
  };
}
