import { Button } from "@kit/components/Button";
import { Modal } from "@kit/components/Modal";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import css from "./Editor.module.css";
import { useTexts } from "./texts";

interface LeaveGuardProps {
  /** Links to here do not leave. */
  within: string;
  onDrop: () => void;
}

/**
 * Asks before a link leads away from unsaved changes. They stay in this window's memory however one leaves, so that
 * coming back finds them; closing the window asks by the browser's own means.
 */
export function LeaveGuard({ within, onDrop }: LeaveGuardProps) {
  const { t } = useTexts();
  const [, navigate] = useLocation();
  const [to, setTo] = useState<string | null>(null);
  useEffect(() => {
    const hold = (event: MouseEvent) => {
      const link = (event.target as Element).closest("a[href]");
      const path = link?.getAttribute("href") ?? "";
      if (!path.startsWith("/") || path.split("?")[0] === within || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      setTo(path);
    };
    document.addEventListener("click", hold, { capture: true });
    return () => document.removeEventListener("click", hold, { capture: true });
  }, [within]);
  if (to === null) return null;
  const leave = (drop: boolean) => {
    if (drop) onDrop();
    navigate(to);
  };
  return (
    <Modal title={t("menus.leaving")} closeLabel={t("state.close")} onClose={() => setTo(null)}>
      <div className={css.dialog}>
        <p>{t("menus.leavingHint")}</p>
        <div className="row wrap">
          <Button look="primary" autoFocus onPress={() => setTo(null)}>
            {t("menus.stay")}
          </Button>
          <Button onPress={() => leave(false)}>{t("menus.leaveKeep")}</Button>
          <Button onPress={() => leave(true)}>{t("menus.leaveDrop")}</Button>
        </div>
      </div>
    </Modal>
  );
}
