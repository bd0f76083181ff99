/** The title of the browser's tab while a page is shown. */

import { useEffect } from "preact/hooks";

const NAME = "Prodiguer";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} – ${NAME}` : NAME;
  }, [title]);
  useEffect(
    () => () => {
      document.title = NAME;
    },
    [],
  );
}
