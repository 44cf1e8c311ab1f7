/** Durations as people read them on a timer: 0:07, 12:40, 1:05:09. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${String(hours)}:${String(minutes).padStart(2, "0")}:${rest}` : `${String(minutes)}:${rest}`;
}

/** A range of seconds as whole minutes: what may be promised. */
export function minutesRange([low, high]: [number, number]): [number, number] {
  return [Math.floor(low / 60), Math.max(1, Math.ceil(high / 60))];
}
