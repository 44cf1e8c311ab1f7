import type { FileInfo } from "@kit/api";
import { fileUrl } from "@kit/client";
import { Modal } from "@kit/components/Modal";
import { useSpeech } from "../i18n";
import css from "./FileDialog.module.css";
import { fileSize } from "./texts";

/** A picture in full. */
export function FileDialog({ file, onClose }: { file: FileInfo; onClose: () => void }) {
  const { t, locale } = useSpeech();
  return (
    <Modal title={file.name} closeLabel={t("state.close")} onClose={onClose} wide>
      <div className={css.picture}>
        <img src={fileUrl(file.id)} alt={file.name} />
      </div>
      <p className={css.foot}>
        <span className="muted num">{fileSize(file.size, locale)}</span>
        <a href={fileUrl(file.id)} target="_blank" rel="noopener">
          {t("file.newTab")}
        </a>
      </p>
    </Modal>
  );
}
