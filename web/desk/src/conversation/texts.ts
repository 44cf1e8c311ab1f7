import type { DeskSpeech } from "../i18n";


/** Size of a file for people. */
export function fileSize(bytes: number, locale: string): string {
  const [unit, power] = bytes < 1024 ? ["byte", 0] : bytes < 1024 * 1024 ? ["kilobyte", 1] : ["megabyte", 2];
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: power === 2 ? 1 : 0,
  }).format(bytes / 1024 ** power);
}

/** Words of a notice: `{"code": "agent.joined", "agent_name": "…"}`. An unknown code is shown as it is. */
export function noticeText(text: string | null, { find, t }: DeskSpeech): string {
  if (!text) return t("notice.unknown");
  try {
    const { code, ...params } = JSON.parse(text) as { code: string } & Record<string, string>;
    return find(`notice.${code}`, params) ?? t("notice.unknown");
  } catch {
    return text;
  }
}
