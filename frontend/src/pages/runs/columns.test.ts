import { expect, it } from "vitest";
import { COLUMNS, pressed } from "./columns";

const key = (field: string) => COLUMNS.flatMap((column) => column.keys).find((one) => one.field === field)!;

it("sorts names from A, times from the newest, and the other way when pressed again", () => {
  expect(pressed(key("name"), "-started_at")).toBe("name");
  expect(pressed(key("name"), "name")).toBe("-name");
  expect(pressed(key("name"), "-name")).toBe("name");
  expect(pressed(key("started_at"), "name")).toBe("-started_at");
  expect(pressed(key("started_at"), "-started_at")).toBe("started_at");
});
