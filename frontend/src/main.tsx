import { render } from "preact";
import "@fontsource-variable/inter";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/overlays.css";
import "./styles/shell.css";
import { App } from "./app";

const place = document.getElementById("app");
if (place) render(<App />, place);
