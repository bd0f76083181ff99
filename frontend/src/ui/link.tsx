/** A link within the site: the page changes without loading; with a modifier key it is any link. */

import type { ComponentChildren, JSX } from "preact";
import { go } from "../state/location";

interface Props extends JSX.AnchorHTMLAttributes<HTMLAnchorElement> {
  to: string;
  children: ComponentChildren;
}

export function Link({ to, children, ...rest }: Props) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
