/** Texts and bytes that a reader takes to somewhere else. */

/** To the clipboard; false where the browser does not let us. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // a page that is neither on this machine nor on HTTPS
  }
}

/** As a file, byte for byte; `name` is never taken from outside but for letters and digits. */
export function download(bytes: Uint8Array, name: string): void {
  // A type that no browser shows: it may hold anything.
  const blob = new Blob([new Uint8Array(bytes)], { type: "application/octet-stream" });
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replace(/[^A-Za-z0-9.-]/g, "_");
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
