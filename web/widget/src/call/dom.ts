/** Elements without markup strings: a strict policy of the page (Trusted Types) does not forbid them. */

type Attributes = Record<string, string | (() => void)>;

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "string") made.setAttribute(name, value);
    else made.addEventListener(name.slice(2), value);
  }
  made.append(...children);
  return made;
}

const PATHS: Record<string, string> = {
  phone: "M5 3h3l1.5 4-2 1.5a9 9 0 0 0 4 4l1.5-2 4 1.5v3a1.5 1.5 0 0 1-1.6 1.5A13 13 0 0 1 3.5 4.6 1.5 1.5 0 0 1 5 3z",
  down: "M5 7.5l5 5 5-5",
  mic: "M10 3a2.5 2.5 0 0 0-2.5 2.5v4a2.5 2.5 0 0 0 5 0v-4A2.5 2.5 0 0 0 10 3zM5 9.5a5 5 0 0 0 10 0M10 14.5V17",
  off: "M7.5 8V5.5a2.5 2.5 0 0 1 5 0v4M5 9.5a5 5 0 0 0 8 4M10 14.5V17M3.5 3.5l13 13",
  keys: "M5 5h.1M10 5h.1M15 5h.1M5 10h.1M10 10h.1M15 10h.1M5 15h.1M10 15h.1M15 15h.1",
};

/** A stroke icon by its name. */
export function icon(name: keyof typeof PATHS): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("class", "ic");
  picture.setAttribute("viewBox", "0 0 20 20");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name] ?? "");
  picture.append(path);
  return picture;
}
