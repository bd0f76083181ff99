/** Whether somebody is at the rows just now: then none is put in above what he looks at. */

/** Pixels: the bar that stays at the top of the window. */
const BAR = 60;

export class Reading {
  private place: HTMLElement | null = null;
  private pointed = false;

  /** The rows that must not move under the pointer. */
  readonly watch = (place: HTMLElement | null): void => {
    this.place = place;
    this.pointed = false;
  };

  readonly enter = (): void => {
    this.pointed = true;
  };

  readonly leave = (): void => {
    this.pointed = false;
  };

  now(): boolean {
    if (!this.place) return false;
    // Of a page that is not looked at the pointer may lie anywhere.
    if (document.visibilityState === "visible" && this.pointed) return true;
    return this.place.contains(document.activeElement) || this.place.getBoundingClientRect().top < BAR;
  }
}
