import { Logo } from "@kit/components/Icon";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useSpeech, type Key } from "../i18n";
import { useCan, type Permission } from "../session/session";
import { BottomBar, type Hint } from "./BottomBar";
import css from "./Frame.module.css";
import { LanguageSwitch } from "./LanguageSwitch";
import { MeMenu } from "./MeMenu";
import { ThemeButton } from "./ThemeButton";

interface Section {
  path: string;
  key: Key;
  needs: Permission[];
}

const SECTIONS: Section[] = [
  { path: "/", key: "nav.desk", needs: ["contact.handle"] },
  { path: "/floor", key: "nav.floor", needs: ["floor.read"] },
  { path: "/contacts", key: "nav.contacts", needs: ["contact.read", "contact.read_all"] },
  { path: "/menus", key: "nav.menus", needs: ["config.write"] },
];

/** Sections that this person may open. */
export function useSections(): Section[] {
  const can = useCan();
  return SECTIONS.filter(({ needs }) => needs.some(can));
}

const isAt = (path: string, section: Section) =>
  path === section.path || (section.path !== "/" && path.startsWith(section.path));

/** The window's title: the section, but for the desk's, and the product. */
export function useTitle(): string {
  const { t } = useSpeech();
  const [path] = useLocation();
  const here = useSections().find((section) => isAt(path, section));
  return here && here.path !== "/" ? `${t(here.key)} · ${t("frame.product")}` : t("frame.product");
}

export function Sections() {
  const { t } = useSpeech();
  const [path] = useLocation();
  return (
    <nav className={css.nav} aria-label={t("nav.label")}>
      {useSections().map((section) => (
        <Link key={section.path} href={section.path} aria-current={isAt(path, section) ? "page" : undefined}>
          {t(section.key)}
        </Link>
      ))}
    </nav>
  );
}

interface FrameProps {
  /** What stands in the top bar instead of the sections. */
  middle?: ReactNode;
  hints?: Hint[];
  children: ReactNode;
}

/** Top bar, page, command bar. */
export function Frame({ middle, hints, children }: FrameProps) {
  const { t } = useSpeech();
  return (
    <div className={css.frame}>
      <header className={css.top} data-region>
        <a className={css.skip} href="#main">
          {t("frame.skip")}
        </a>
        <Link className={css.brand ?? ""} href="/" aria-label={t("frame.home")}>
          <Logo />
          <b>{t("frame.product")}</b>
        </Link>
        {middle ?? <Sections />}
        <div className={css.end}>
          <LanguageSwitch />
          <ThemeButton />
          <MeMenu />
        </div>
      </header>
      {children}
      <BottomBar hints={hints ?? []} />
    </div>
  );
}
