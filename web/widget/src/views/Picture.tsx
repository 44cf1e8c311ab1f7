import { useEffect, useRef, useState } from "preact/hooks";
import { useShared } from "./context";
import type { Attachment } from "../types";

/**
 * A picture of the thread. It needs the token, so it is fetched and drawn on a canvas: that also works where the
 * page's policy allows pictures only from known places. Its room is kept from the start, so nothing jumps.
 */
export function Picture({ file }: { file: Attachment }) {
  const { t, controller } = useShared();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let gone = false;
    setFailed(false);
    controller
      .picture(file)
      .then((blob) => createImageBitmap(blob))
      .then((bitmap) => {
        const target = canvas.current;
        if (gone || target === null) return;
        const share = Math.min(1, 1024 / Math.max(bitmap.width, bitmap.height));
        target.width = Math.round(bitmap.width * share);
        target.height = Math.round(bitmap.height * share);
        target.getContext("2d")?.drawImage(bitmap, 0, 0, target.width, target.height);
        bitmap.close();
      })
      .catch(() => {
        if (!gone) setFailed(true);
      });
    return () => {
      gone = true;
    };
  }, [controller, file.id, attempt]);

  if (failed) {
    return (
      <button type="button" class="file" onClick={() => setAttempt(attempt + 1)}>
        <span>
          {file.name}
          <small>
            {t.fileFailed}. {t.retry}
          </small>
        </span>
      </button>
    );
  }
  return (
    <button type="button" class="picture" aria-label={`${t.picture}: ${file.name}`} onClick={() => controller.openFile(file)}>
      <canvas ref={canvas} width={file.width ?? 320} height={file.height ?? 240} />
    </button>
  );
}
