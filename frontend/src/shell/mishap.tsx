/** Catches an error of a page, so that the reader is told and the rest goes on. */

import { Component, type ComponentChildren } from "preact";
import { Notice } from "../ui/notice";

interface Props {
  children: ComponentChildren;
}

export class Mishap extends Component<Props, { error: Error | null }> {
  override state = { error: null };

  static override getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Notice title="This page has failed">
        <p>It is an error of the page itself: nothing is wrong with the data. The browser's console has the details.</p>
        <button type="button" class="button" onClick={() => window.location.reload()}>
          Load again
        </button>
      </Notice>
    );
  }
}
