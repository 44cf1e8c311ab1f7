/** Whole and half hours by which a zone is ahead of ours (negative: behind) at this moment. */
export function hoursFrom(zone: string, at: Date = new Date()): number {
  const minutes = (timeZone?: string) => {
    const parts = new Intl.DateTimeFormat("en-GB", {
      ...(timeZone ? { timeZone } : {}),
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      hourCycle: "h23",
    }).formatToParts(at);
    const value = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
    return Date.UTC(value("year"), value("month") - 1, value("day"), value("hour"), value("minute")) / 60_000;
  };
  try {
    return (minutes(zone) - minutes()) / 60;
  } catch {
    return 0;
  }
}
