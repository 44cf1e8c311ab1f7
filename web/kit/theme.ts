/** Theme and density of the page: the system's choice until the person chooses, then kept in this browser. */

import { createStore, useStore } from "./store";

export type Theme = "light" | "dark";
export type Density = "comfortable" | "compact";

const dark = matchMedia("(prefers-color-scheme: dark)");
const read = (key: string) => localStorage.getItem(key);

interface Appearance {
  theme: Theme;
  density: Density;
}

function current(): Appearance {
  const stored = read("teplo.theme");
  return {
    theme: stored === "dark" || stored === "light" ? stored : dark.matches ? "dark" : "light",
    density: read("teplo.density") === "compact" ? "compact" : "comfortable",
  };
}

const appearance = createStore(current());

function apply(): void {
  const next = current();
  document.documentElement.dataset.theme = next.theme;
  document.documentElement.dataset.density = next.density;
  appearance.set(next);
}

/** Put the stored choice on the page and follow the system from now on. */
export function startAppearance(): void {
  apply();
  dark.addEventListener("change", apply);
}

export function setTheme(theme: Theme): void {
  localStorage.setItem("teplo.theme", theme);
  apply();
}

export function setDensity(density: Density): void {
  localStorage.setItem("teplo.density", density);
  apply();
}

export const useAppearance = () => useStore(appearance, (state) => state);
