/** Whether a list is being read, and its order while it is. */

import { type RefObject } from "preact";
import { useEffect, useReducer, useRef } from "preact/hooks";
import { settle } from "./still";

/**
 * A list is read when its top has been scrolled away, when the pointer or the keyboard is on one
 * of its rows, or when something of it is looked at in a drawer.
 */
export function isRead(list: HTMLElement | null): boolean {
  if (!list) return false;
  if (document.querySelector("dialog[open]")) return true;
  const bar = document.querySelector(".shell-bar")?.getBoundingClientRect().bottom ?? 0;
  return list.getBoundingClientRect().top < bar || list.matches(":hover") || list.contains(document.activeElement);
}

/**
 * The order in which to show rows: the order given, but for the time of reading the one before.
 *
 * @param ids in the order that they should have
 * @param choice what the reader asked for: another choice is obeyed at once
 */
export function useStill(ids: readonly string[], choice: string, list: RefObject<HTMLElement>) {
  const shown = useRef<{ order: readonly string[]; choice: string } | null>(null);
  const [, again] = useReducer((turn: number) => turn + 1, 0);
  const before = shown.current?.choice === choice ? shown.current.order : null;
  const still = settle(before, ids, isRead(list.current));
  shown.current = { order: still.order, choice };
  useReleases(list, () => {
    if (still.waiting) again(0);
  });
  const release = () => {
    shown.current = null;
    again(0);
  };
  return { ...still, release };
}

/** Calls when the list may no longer be read: scrolled back to its top, or left by the pointer. */
export function useReleases(list: RefObject<HTMLElement>, then: () => void): void {
  const latest = useRef(then);
  latest.current = then;
  useEffect(() => {
    const look = () => {
      if (list.current && !isRead(list.current)) latest.current();
    };
    const element = list.current;
    window.addEventListener("scroll", look, { passive: true });
    element?.addEventListener("mouseleave", look);
    return () => {
      window.removeEventListener("scroll", look);
      element?.removeEventListener("mouseleave", look);
    };
  }, []);
}
