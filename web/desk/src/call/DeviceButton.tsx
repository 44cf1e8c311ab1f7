import { Button } from "@kit/components/Button";
import { lazy, Suspense, useState } from "react";
import { useSpeech } from "../i18n";

const DeviceDialog = lazy(async () => ({ default: (await import("./DeviceDialog")).DeviceDialog }));

/** Choose and test the headset before the first call. */
export function DeviceButton() {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon="headset" onPress={() => setOpen(true)}>
        {t("devices.check")}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <DeviceDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
