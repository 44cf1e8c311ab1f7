import { Skeleton } from "@kit/components/States";
import { useSpeech } from "./i18n";
import { useSessionQuery } from "./session/session";
import { SignIn } from "./session/SignIn";

export function App() {
  const { t } = useSpeech();
  const session = useSessionQuery();
  if (session.isPending) return <Skeleton label={t("state.loading")} />;
  return <SignIn />;
}
