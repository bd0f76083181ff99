/** Whether the reader is at the table just now: then no row is put in above what he looks at. */

/** The height of the bar that stays at the top of the window, and a little more. */
const MARGIN = 60;

class Attention {
  private table: HTMLElement | null = null;
  private pointed = false;

  /** The part of the page that must not move under the pointer. */
  watch(table: HTMLElement | null): void {
    this.table = table;
    this.pointed = false;
  }

  readonly enter = (): void => {
    this.pointed = true;
  };

  readonly leave = (): void => {
    this.pointed = false;
  };

  /** The beginning of the list is in sight, and neither pointer nor focus is in it. */
  undisturbed(): boolean {
    if (!this.table) return true;
    if (this.pointed || this.table.contains(document.activeElement)) return false;
    return this.table.getBoundingClientRect().top >= MARGIN;
  }
}

export const attention = new Attention();
