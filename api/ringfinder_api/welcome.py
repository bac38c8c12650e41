"""Where one-time links lead: set a password, or become the first admin; and log in without the app. After a login comes the app.

The link's secret stands behind a `#`: browsers do not send that part, so that no log of a proxy holds it. The page may run its own
script, ask this service, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape

from ringfinder.words import Language, say

HTML = "text/html; charset=utf-8"
SCRIPT = """
const form = document.forms[0], secret = location.hash.slice(1), said = document.getElementById("said");
const [kind, invitation] = secret.startsWith("first-") ? ["first", secret.slice(6)] : secret ? ["set", secret] : ["login", ""];
document.body.className = kind;
form.elements.name.required = kind !== "set";
form.elements.password.autocomplete = kind === "login" ? "current-password" : "new-password";
const asked = async (path, body) => {
  const answer = await fetch(path, {method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(body)});
  return [answer.ok, await answer.json()];
};
form.addEventListener("submit", async event => {
  event.preventDefault();
  const name = form.elements.name.value, password = form.elements.password.value;
  const body = kind === "login" ? {name, password} : kind === "first" ? {invitation, name, password} : {invitation, password};
  const busy = yes => { for (const field of form.elements) { field.disabled = yes; } };
  busy(true);  // what is typed while the answer is on its way would be lost
  const [ok, content] = await asked(kind === "login" ? "/v1/session" : "/v1/invitations:accept", body);
  busy(false);
  form.elements.password.value = "";
  if (!ok) { said.textContent = content.detail; }
  else if (kind === "login") { location.replace("/app/"); }
  else { location.replace("/welcome"); }
});
"""
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto; padding: 0 1rem; }
label { display: block; margin: .8rem 0; } input { width: 100%; font: inherit; padding: .4rem; box-sizing: border-box; }
button { font: inherit; padding: .4rem 1.2rem; }
h1 { font-size: 1.3rem; } h1 span { display: none; }
.login h1 .login, .first h1 .first, .set h1 .set { display: inline; }
.set .name, .login .new, .first .elsewhere, .set .elsewhere { display: none; }
"""


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


POLICY = (
    f"default-src 'none'; script-src {_hashed(SCRIPT)}; style-src {_hashed(STYLE)}; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def path_of(secret: str, *, first: bool = False) -> str:
    """Where a one-time link leads, behind the service's address."""
    return f"/welcome#{'first-' if first else ''}{secret}"


@cache
def page(lang: Language, oidc: bool) -> bytes:
    """The page; with the way to the organisation's own login where there is one."""

    def words(name: str) -> str:
        return escape(say(f"api.welcome_{name}", lang))

    titles = "".join(f'<span class="{kind}">{words(kind)}</span>' for kind in ("login", "first", "set"))
    elsewhere = f'<p class="elsewhere"><a href="/v1/oidc:login">{words("elsewhere")}</a></p>' if oidc else ""
    text = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>RingFinder</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body class="login">'
        f'<h1>{titles}</h1><form><label class="name">{words("name")}<input name="name" autocomplete="username"></label>'
        f'<label>{words("password")}<input name="password" type="password" required></label>'
        f'<p class="new">{words("rule")}</p><button>{words("go")}</button></form>'
        f'<p id="said" role="status"></p>{elsewhere}<script>{SCRIPT}</script></body></html>'
    )
    return text.encode()
