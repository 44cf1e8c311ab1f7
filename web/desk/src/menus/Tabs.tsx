import { Link, useLocation } from "wouter";
import css from "./Menus.module.css";
import { useTexts } from "./texts";

/** Menus or prompts. */
export function Tabs() {
  const { t } = useTexts();
  const [path] = useLocation();
  const pages = [
    { path: "/menus", text: t("menus.tabMenus") },
    { path: "/menus/-/prompts", text: t("menus.tabPrompts") },
  ];
  return (
    <nav className={css.tabs} aria-label={t("nav.menus")}>
      {pages.map((page) => (
        <Link key={page.path} href={page.path} aria-current={path === page.path ? "page" : undefined}>
          {page.text}
        </Link>
      ))}
    </nav>
  );
}
