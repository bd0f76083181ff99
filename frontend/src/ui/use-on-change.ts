/** Calls when a value is another than it was, not for the first one. */

import { useEffect, useRef } from "preact/hooks";

export function useOnChange<T>(value: T, then: () => void): void {
  const before = useRef(value);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    then();
  }, [value]);
}
