import { IconButton } from "@kit/components/Button";
import { setTheme, useAppearance } from "@kit/theme";
import { useSpeech } from "../i18n";

export function ThemeButton() {
  const { t } = useSpeech();
  const { theme } = useAppearance();
  const dark = theme === "dark";
  return (
    <IconButton
      icon={dark ? "sun" : "moon"}
      label={dark ? t("frame.light") : t("frame.dark")}
      onPress={() => setTheme(dark ? "light" : "dark")}
    />
  );
}
