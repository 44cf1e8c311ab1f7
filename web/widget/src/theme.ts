/** Light or dark: the script tag decides, then the page's data-theme, then the system. */
export function followTheme(fixed: string | undefined, set: (theme: "light" | "dark") => void): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const page = document.documentElement;
  const decide = () => {
    const wish = fixed ?? page.dataset["theme"];
    set((wish === "light" || wish === "dark" ? wish === "dark" : system.matches) ? "dark" : "light");
  };
  system.addEventListener("change", decide);
  new MutationObserver(decide).observe(page, { attributeFilter: ["data-theme"] });
  decide();
}
