import { Empty } from "@kit/components/States";
import { Link } from "wouter";
import { useSpeech } from "../i18n";
import { Frame } from "./Frame";

/** An address that leads nowhere, or where this person may not go. */
export function NoPage() {
  const { t } = useSpeech();
  return (
    <Frame>
      <main data-region tabIndex={-1} id="main">
        <Empty icon="search" title={t("state.noPage")}>
          <p className="sm sub">{t("state.noPageHint")}</p>
          <Link href="/">{t("state.toHome")}</Link>
        </Empty>
      </main>
    </Frame>
  );
}
