/** Something new waits until it is asked for. */

import { Icon } from "../../ui/icon";

export const Pill = ({ words, show }: { words: string; show: () => void }) => (
  <div class="run-pill" role="status">
    <button type="button" class="button primary" onClick={show}>
      <Icon name="up" />
      {words}
    </button>
  </div>
);
