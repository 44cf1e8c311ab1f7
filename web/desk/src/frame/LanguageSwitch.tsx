import type { Language } from "@kit/api";
import { Segmented } from "@kit/components/Segmented";
import { useSpeech } from "../i18n";

const LANGUAGES: { id: Language; label: string; lang: string }[] = [
  { id: "ru", label: "RU", lang: "ru" },
  { id: "en", label: "EN", lang: "en" },
];

export function LanguageSwitch() {
  const { t, language, setLanguage } = useSpeech();
  return <Segmented label={t("frame.language")} value={language} options={LANGUAGES} onChange={setLanguage} />;
}
