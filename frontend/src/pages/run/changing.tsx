/** Something that lights up for a moment when it has changed. */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

export function Changing({ value, children }: { value: string | number; children: ComponentChildren }) {
  const first = useRef(value);
  const changed = first.current !== value;
  if (changed) first.current = "";
  return (
    <span key={value} class={changed ? "changing changed" : "changing"}>
      {children}
    </span>
  );
}
