/** 20×20 stroke icons of the design book, only those used here. */
import { h } from "preact";

const PATHS: Record<string, string> = {
  wallet: "M3 6h12.5v10H3zM3 6l9-2.5V6M12.7 11h.1",
  signal: "M4 16v-3M8 16v-6M12 16V7M16 16V4",
  sim: "M5 3h6.5L15 6.5V17H5zM8 10h4v4H8z",
  heart: "M10 16.5S3 12.4 3 7.7A3.7 3.7 0 0 1 10 6a3.7 3.7 0 0 1 7 1.7c0 4.7-7 8.8-7 8.8z",
  chat: "M3.5 4.5h13v9h-7l-3.5 3v-3H3.5z",
  chevron: "M7.5 5l5 5-5 5",
  down: "M5 7.5l5 5 5-5",
  user: "M10 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM4 17c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5",
  check: "M4 10.5l4 4 8-9",
  checks: "M2 10.5l3.5 3.7L12 6M9 13l1.2 1.2L17.5 6",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.3l2.7 1.7",
  alert: "M10 3l7.5 13.5h-15zM10 8.2v4M10 14.3v.2",
  clip: "M14.5 9.5l-5 5a3.1 3.1 0 0 1-4.4-4.4l6-6a2.1 2.1 0 0 1 3 3l-5.9 5.9a1 1 0 0 1-1.5-1.5l5-5",
  send: "M3 10l14-6.5L13 17l-3.5-5zM9.5 12L17 3.5",
  more: "M4 10h1M9.5 10h1M15 10h1",
  phone: "M5 3h3l1.5 4-2 1.5a9 9 0 0 0 4 4l1.5-2 4 1.5v3a1.5 1.5 0 0 1-1.6 1.5A13 13 0 0 1 3.5 4.6 1.5 1.5 0 0 1 5 3z",
  file: "M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15",
};

/** An icon by its name; the operator's own options may name one that is not here. */
export function Icon({ name }: { name: string }) {
  return (
    <svg class="ic" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name] ?? PATHS["chat"]} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="7" />
      <path
        d="M7 7.2h14a1.3 1.3 0 0 1 0 2.6h-5.7v2.7h-2.6V9.8H7a1.3 1.3 0 0 1 0-2.6zM14 21.5c-3 0-4.6-1.9-4.6-3.9 0-1.7 1.3-2.7 2.1-3.6.5 1 1.1 1.4 1.7 1.5.1-1.4.4-2.6 1.4-3.5.6 2 4 3 4 5.7 0 2-1.7 3.8-4.6 3.8z"
      />
    </svg>
  );
}
