import { render } from "preact";

render(<h1>Prodiguer</h1>, document.getElementById("app")!);
