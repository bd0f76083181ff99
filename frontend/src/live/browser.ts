/** The feed's world in a browser. */

import { hasToken, post } from "../api/http";
import type { Socket, World } from "./feed";

const PATH = "/api/v1/live";

export const browserWorld: World = {
  async connect(query) {
    const parameters = new URLSearchParams(query);
    // A page cannot give a header to a WebSocket: a ticket stands for its token, once.
    if (hasToken()) {
      const { ticket } = await post<{ ticket: string }>("/live/tickets");
      parameters.set("ticket", ticket);
    }
    const url = new URL(PATH, window.location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.search = parameters.toString();
    return quiet(new WebSocket(url));
  },
  now: () => performance.now(),
  after(milliseconds, then) {
    const timer = window.setTimeout(then, milliseconds);
    return () => window.clearTimeout(timer);
  },
  chance: Math.random,
};

/** Closed while it still opens, a socket makes the browser complain: it waits for that, and goes. */
function quiet(socket: WebSocket): Socket {
  const close = socket.close.bind(socket);
  socket.close = () => {
    if (socket.readyState !== WebSocket.CONNECTING) return close();
    socket.onmessage = null;
    socket.onopen = () => close();
  };
  return socket as Socket;
}
