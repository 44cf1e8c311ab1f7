/** 20×20 stroke icons of the design book, only those used here. */

const PATHS = {
  wallet: "M3 6h12.5v10H3zM3 6l9-2.5V6M12.7 11h.1",
  signal: "M4 16v-3M8 16v-6M12 16V7M16 16V4",
  sim: "M5 3h6.5L15 6.5V17H5zM8 10h4v4H8z",
  heart: "M10 16.5S3 12.4 3 7.7A3.7 3.7 0 0 1 10 6a3.7 3.7 0 0 1 7 1.7c0 4.7-7 8.8-7 8.8z",
  phone: "M4.2 3.5h3l1.3 3.6-1.9 1.3a10 10 0 0 0 5 5l1.3-1.9 3.6 1.3v3a1 1 0 0 1-1 1A13.3 13.3 0 0 1 3.2 4.5a1 1 0 0 1 1-1z",
  globe: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM3 10h14M10 3c2 2 3 4.3 3 7s-1 5-3 7c-2-2-3-4.3-3-7s1-5 3-7z",
  shield: "M10 3l6 2v5c0 3.5-2.5 6-6 7.5C6.5 16 4 13.5 4 10V5z",
  chat: "M3.5 4.5h13v9h-7l-3.5 3v-3H3.5z",
  chevron: "M7.5 5l5 5-5 5",
  down: "M5 7.5l5 5 5-5",
  user: "M10 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM4 17c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5",
  check: "M4 10.5l4 4 8-9",
  checks: "M2 10.5l3.5 3.7L12 6M9 13l1.2 1.2L17.5 6",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.3l2.7 1.7",
  alert: "M10 3l7.5 13.5h-15zM10 8.2v4M10 14.3v.2",
  clip: "M14.5 9.5l-5 5a3.1 3.1 0 0 1-4.4-4.4l6-6a2.1 2.1 0 0 1 3 3l-5.900 5.900a1 1 0 0 1-1.5-1.5l5-5",
  send: "M3 10l14-6.5L13 17l-3.5-5zM9.5 12L17 3.5",
  more: "M5 10h.1M10 10h.1M15 10h.1",
  file: "M5 2.5h6.5L15 6v11.5H5zM11.500 2.500V6H15",
  download: "M10 3v9.5M6 9l4 4 4-4M4 16.5h12",
} as const;

export type IconName = keyof typeof PATHS;

export function isIcon(name: string): name is IconName {
  return Object.hasOwn(PATHS, name);
}

export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg class={small ? "ic small" : "ic"} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="7" class="logo-tile" />
      <path d="M7 8.5h14M14 8.5v4" class="logo-line" />
      <path
        d="M14 21.5c-3 0-4.600-1.900-4.600-3.900 0-1.700 1.300-2.700 2.100-3.600.5 1 1.100 1.400 1.700 1.500.1-1.400.4-2.600 1.400-3.500.6 2 4 3 4 5.700 0 2-1.700 3.800-4.600 3.800z"
        class="logo-flame"
      />
    </svg>
  );
}
