"""serve: the service over HTTP. The engine does not know it: it is found by the entry point that its package declares."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any

import typer

from ringfinder.casebook import ENVIRONMENT
from ringfinder.cli.options import LANG_DEFAULT, LangOption, WorkspaceOption, help_with_example, text
from ringfinder.errors import UsageError
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import Workspace

GROUP, NAME = "ringfinder.service", "serve"
CasebookOption = Annotated[
    str | None, typer.Option("--casebook", help=text("opt_casebook"), metavar="URL", envvar=ENVIRONMENT)
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", help=help_with_example("serve_help", "ringfinder serve --port 8765"))(serve)


def serve(
    *,
    host: Annotated[str, typer.Option(help=text("opt_host"), metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help=text("opt_port"))] = 8765,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help=text("opt_behind_proxy"))] = False,
    tls_cert: Annotated[Path | None, typer.Option(help=text("opt_tls_cert"), metavar="FILE")] = None,
    tls_key: Annotated[Path | None, typer.Option(help=text("opt_tls_key"), metavar="FILE")] = None,
    claims: Annotated[
        Path | None, typer.Option("--claims", help=text("opt_claims_root"), metavar="DIR", envvar="RINGFINDER_CLAIMS")
    ] = None,
    webhook_allow: Annotated[
        list[str] | None, typer.Option("--webhook-allow", help=text("opt_webhook_allow"), metavar="NETWORK")
    ] = None,
    public_url: Annotated[
        str | None, typer.Option(help=text("opt_public_url"), metavar="URL", envvar="RINGFINDER_PUBLIC_URL")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help=text("opt_workers"))] = 1,
    casebook: CasebookOption = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
) -> None:
    service()(
        Workspace.locate(workspace),
        host=host,
        port=port,
        casebook=casebook,
        behind_proxy=behind_proxy,
        certificate=tls_cert,
        private_key=tls_key,
        claims=claims,
        webhook_networks=webhook_allow or (),
        public_url=public_url,
        workers=workers,
        lang=lang,
    )


def service() -> Any:
    """What starts the service; UsageError where it is not installed."""
    try:
        (found,) = entry_points(group=GROUP, name=NAME)
        return found.load()
    except (ValueError, ModuleNotFoundError) as error:
        raise UsageError(Sentence("faults.service_extra")) from error
