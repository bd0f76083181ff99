/** Names and what they stand for; what is not known is left out. */

import type { ComponentChildren } from "preact";

export type Fact = [name: string, value: ComponentChildren | null | undefined];

export const Facts = ({ facts }: { facts: Fact[] }) => (
  <dl class="facts">
    {facts
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => [
        <dt key={`${name}-name`}>{name}</dt>,
        <dd key={name} class="text">
          {value}
        </dd>,
      ])}
  </dl>
);
