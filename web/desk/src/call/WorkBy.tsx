import type { Schemas } from "@kit/api";
import { api } from "@kit/client";
import field from "@kit/components/Field.module.css";
import { NoteBox } from "@kit/components/Pill";
import { Segmented } from "@kit/components/Segmented";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSpeech } from "../i18n";
import { useCommand } from "../session/useCommand";
import css from "./CallStage.module.css";

type OwnPhone = Schemas["OwnPhone"];

const KEY = ["me", "phone"];
const LOOK_MS = 5_000;

/** How this person works, and whether the phone is there; undefined until that is known. */
export const useOwnPhone = () =>
  useQuery({ queryKey: KEY, queryFn: () => api.get<OwnPhone>("/me/phone"), refetchInterval: LOOK_MS });

/** Take calls in the browser or on the desk phone. */
export function WorkBy({ own: { by, phone } }: { own: OwnPhone }) {
  const { t } = useSpeech();
  const { run } = useCommand();
  const queries = useQueryClient();
  const choose = (chosen: OwnPhone["by"]) =>
    void run(async () => queries.setQueryData(KEY, await api.put<OwnPhone>("/me/phone", { by: chosen })));
  const away = phone?.registered_for === 0 && phone.uri === null;
  return (
    <div className={css.by}>
      <span className={field.label}>{t("devices.by")}</span>
      <Segmented
        label={t("devices.by")}
        value={by}
        options={[
          { id: "browser", label: t("devices.by.browser") },
          { id: "phone", label: t("devices.by.phone") },
        ]}
        onChange={choose}
      />
      <p className="xs muted">{t("devices.by.next")}</p>
      {by === "phone" && (
        <NoteBox tone={away ? "bad" : "info"} icon="phone" alert={away}>
          {away || phone?.registered_for
            ? t(away ? "devices.by.away" : "devices.by.ready", { login: phone.login ?? "" })
            : t("devices.by.fixed")}
        </NoteBox>
      )}
    </div>
  );
}
