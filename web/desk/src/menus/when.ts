/** Instants in fields of the kind `datetime-local`, in the zone of this computer. */

export function toLocal(at: number | null): string {
  if (at === null) return "";
  const date = new Date(at * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocal(text: string): number | null {
  const at = new Date(text).getTime();
  return text && Number.isFinite(at) ? at / 1000 : null;
}
