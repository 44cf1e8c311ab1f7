import { useEffect, useEffectEvent, type ReactNode } from "react";
import { Dialog, Heading, Modal as AriaModal, ModalOverlay } from "react-aria-components";
import { IconButton } from "./Button";
import css from "./Modal.module.css";

interface ModalProps {
  title: string;
  closeLabel: string;
  onClose: () => void;
  wide?: boolean;
  /** The dialog draws its own header; the title is then only spoken. */
  bare?: boolean;
  children: ReactNode;
}

/** A screen reader's reading cursor takes the focus to the page itself, where the dialog does not hear Esc. */
function useEscape(onClose: () => void): void {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && event.target === document.body) close();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** A dialog: focus goes in, stays in and returns to the opener; Esc and a click outside close it. */
export function Modal({ title, closeLabel, onClose, wide = false, bare = false, children }: ModalProps) {
  useEscape(onClose);
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className={css.overlay}>
      <AriaModal className={`${css.modal} ${wide ? css.wide : ""} ${bare ? css.bare : ""}`}>
        <Dialog className={css.dialog} {...(bare ? { "aria-label": title } : {})}>
          {!bare && (
            <header className={css.header}>
              <Heading slot="title" level={2}>
                {title}
              </Heading>
              <IconButton icon="x" label={closeLabel} onPress={onClose} />
            </header>
          )}
          {children}
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}
