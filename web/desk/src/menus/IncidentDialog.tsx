import type { ConfigBodies, ConfigItem } from "@kit/api";
import { useState } from "react";
import { AnnouncementFields } from "./Announcements";
import { ItemDialog } from "./ItemDialog";
import type { Announcement } from "./model";
import { useTexts } from "./texts";

/** What callers of some regions are told before anything else, in every menu that says announcements. */
export function IncidentDialog({ item, onClose }: { item: ConfigItem<ConfigBodies["incident"]> | null; onClose: () => void }) {
  const { t } = useTexts();
  const [named, setNamed] = useState(item?.body.name ?? { ru: "", en: "" });
  const [said, setSaid] = useState((item?.body.announcement as Announcement | undefined) ?? { prompts: ["incident"], regions: [] });
  return (
    <ItemDialog
      kind="incident"
      item={item}
      title={item ? t("menus.changeIncident") : t("menus.newIncident")}
      named={named}
      ready={said.prompts.length > 0}
      body={{ name: named, announcement: said }}
      onName={setNamed}
      onClose={onClose}
    >
      <AnnouncementFields value={said} languages={["ru", "en"]} onChange={setSaid} />
    </ItemDialog>
  );
}
