import { useState, type FocusEvent } from "react";

/** Lists never reorder under the hand: while the pointer or the focus is inside, the order stays; newcomers go last. */
export function useFrozenOrder(sorted: string[]) {
  const [pointer, setPointer] = useState(false);
  const [focus, setFocus] = useState(false);
  const [frozen, setFrozen] = useState<string[] | null>(null);
  const order = frozen ? mergeOrder(frozen, sorted) : sorted;
  const hold = (inside: boolean) => setFrozen(inside ? (frozen ?? sorted) : null);
  return {
    order,
    isFrozen: frozen !== null,
    /** Another order is ready and waits for the person's word. */
    hasNewOrder: frozen !== null && order.some((id, index) => sorted[index] !== id),
    applyOrder: () => setFrozen(sorted),
    holders: {
      onPointerEnter: () => {
        setPointer(true);
        hold(true);
      },
      onPointerLeave: () => {
        setPointer(false);
        hold(focus);
      },
      onFocus: () => {
        setFocus(true);
        hold(true);
      },
      onBlur: (event: FocusEvent<HTMLElement>) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setFocus(false);
        hold(pointer);
      },
    },
  };
}

/** Those of `frozen` that are still there, in their places, then the others. */
export function mergeOrder(frozen: string[], sorted: string[]): string[] {
  const here = new Set(sorted);
  const known = new Set(frozen);
  return [...frozen.filter((id) => here.has(id)), ...sorted.filter((id) => !known.has(id))];
}
