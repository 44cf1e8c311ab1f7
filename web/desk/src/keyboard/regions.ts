/** F6 walks over the parts of the screen: each carries `data-region`. */

const FOCUSABLE = "button, a[href], input, textarea, [tabindex]";

function visible(element: HTMLElement): boolean {
  return element.offsetParent !== null || getComputedStyle(element).position === "fixed";
}

export function focusNextRegion(back: boolean): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]:not([data-region='false'])")].filter(
    (region) => visible(region) && region.closest("[inert]") === null,
  );
  if (regions.length === 0) return;
  const focused = document.activeElement;
  const at = regions.findLastIndex((region) => region.contains(focused));
  const step = back ? -1 : 1;
  const next = regions[(at + step + regions.length) % regions.length];
  const target = next?.hasAttribute("tabindex")
    ? next
    : (next?.querySelector<HTMLElement>("textarea") ?? next?.querySelector<HTMLElement>(FOCUSABLE));
  target?.focus();
}
