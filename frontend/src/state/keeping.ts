/** A word kept in this browser, as long as it lets us: where storage is forbidden, nothing is kept. */

export interface Shelf {
  read(name: string): string | null;
  write(name: string, text: string): void;
  clear(name: string): void;
}

function shelf(storage: () => Storage): Shelf {
  const attempt = <T>(action: () => T): T | null => {
    try {
      return action();
    } catch {
      return null; // merely to name the storage is refused in some settings
    }
  };
  return {
    read: (name) => attempt(() => storage().getItem(name)),
    write: (name, text) => void attempt(() => storage().setItem(name, text)),
    clear: (name) => void attempt(() => storage().removeItem(name)),
  };
}

/** For good, in all windows. */
export const forGood = shelf(() => localStorage);

/** Until this window is closed. */
export const forNow = shelf(() => sessionStorage);
