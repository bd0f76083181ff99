/** A sheet over the page; Escape, the cross and a press beside it close it. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon";

interface Props {
  title: ComponentChildren;
  close: () => void;
  footer?: ComponentChildren;
  children: ComponentChildren;
}

export function Drawer({ title, close, footer, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const pressed = (event: MouseEvent) => {
    if (event.target === dialog.current) close();
  };
  const cancelled = (event: Event) => {
    event.preventDefault();
    close();
  };
  return (
    <dialog ref={dialog} class="drawer" onClick={pressed} onCancel={cancelled} aria-labelledby="drawer-title">
      <header>
        <h2 id="drawer-title" class="text">
          {title}
        </h2>
        <button type="button" class="button bare icon" onClick={close} aria-label="Close">
          <Icon name="close" />
        </button>
      </header>
      {/* Can be scrolled by keys, and so must be reachable by them. */}
      <div class="body" tabIndex={0}>
        {children}
      </div>
      {footer && <footer>{footer}</footer>}
    </dialog>
  );
}
