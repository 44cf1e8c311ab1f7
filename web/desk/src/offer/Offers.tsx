import { useLive } from "../live/store";
import { useDesk } from "../work/desk";
import { OfferDialog } from "./OfferDialog";

/** The one offer that may stand over the page; the others wait in the list. */
export function Offers() {
  const work = useLive((state) => state.desk?.work);
  const seen = useDesk((ui) => ui.seen);
  const docked = useDesk((ui) => ui.docked);
  const open = Object.keys(seen).find((id) => !docked.includes(id));
  const row = open ? work?.[open] : undefined;
  if (!open || row?.state !== "offered") return null;
  return <OfferDialog key={`${row.id}-${row.offer ?? ""}`} row={row} seenAt={seen[open] ?? 0} />;
}
