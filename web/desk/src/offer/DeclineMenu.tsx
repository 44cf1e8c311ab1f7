import { Button } from "@kit/components/Button";
import menuCss from "@kit/components/Menu.module.css";
import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import { useSpeech } from "../i18n";
import { DECLINE_REASONS, type DeclineReason } from "./useOfferActions";

interface DeclineMenuProps {
  size?: "s" | "l";
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  onDecline: (reason: DeclineReason) => void;
}

/** "No" always with a reason; nothing is declined by one key. */
export function DeclineMenu({ size = "s", onDecline, ...open }: DeclineMenuProps) {
  const { t } = useSpeech();
  return (
    <MenuTrigger {...open}>
      <Button size={size} {...(size === "l" ? { chord: "Escape" } : {})}>
        {t("offer.decline")}
      </Button>
      <Popover className={menuCss.popover ?? ""} placement="top end">
        <Menu className={menuCss.menu ?? ""} autoFocus="first" onAction={(key) => onDecline(key as DeclineReason)}>
          <MenuSection>
            <Header className={menuCss.heading ?? ""}>{t("offer.why")}</Header>
            {DECLINE_REASONS.map((reason) => (
              <MenuItem key={reason} id={reason} className={menuCss.item ?? ""}>
                {t(`decline.${reason}`)}
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
