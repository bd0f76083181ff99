"""Words that want to be more than words: for every field of text that a page shows."""

from __future__ import annotations

#: Sets a mark that a test looks for, and opens a dialog that it would see.
_DEED = "window.bitten=1;alert(1)"

CORPUS = (
    f"<img src=x onerror={_DEED}>",
    f"<svg onload={_DEED}>",
    f"<svg><script>{_DEED}</script></svg>",
    f"<script>{_DEED}</script>",
    f"</title></textarea></style></script><script>{_DEED}</script>",
    f"<iframe srcdoc='<script>parent.{_DEED}</script>'></iframe>",
    f"<a href=javascript:{_DEED}>a</a>",
    f"javascript:{_DEED}",
    f"data:text/html,<script>{_DEED}</script>",
    f'" onmouseover={_DEED} x="',
    f"' autofocus onfocus={_DEED} x='",
    f"`{_DEED}`",
    f"{{{{constructor.constructor('{_DEED}')()}}}}",
    f"${{{_DEED}}}",
    f"<%= {_DEED} %>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={_DEED}>",
    "<base href=//stranger.example/><b>",
    "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content=0;url=/platform>",
    "<!-- --!><h1>heading</h1>",
    "&lt;b&gt;&amp;&#x3c;i&#x3e;",
    "a\u2028b\u2029c",
    "\u202efdp.exe\u202c \u2066isolated\u2069 \u200f\u0633\u0644\u0627\u0645",
    "__proto__",
    "constructor",
    "undefined",
    "-->]]>?>%00%0a\\u003cimg\\u003e",
)

#: What a page must never have done, and never have in it.
BITTEN = """() => window.bitten !== undefined
  || document.querySelector("main iframe, main script, main base, main meta, main math, main img,"
    + " main style, main [onerror], main [onload], main [onmouseover], main [onfocus],"
    + " main a[href^='javascript'], main a[href^='data']") !== null"""
