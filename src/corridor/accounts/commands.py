"""`corridor clients`: systems that let people in by their accounts here."""

import click

from corridor.embedded.environment import django_ready


@click.group()
def clients() -> None:
    """Let other systems sign people in by their accounts here, and see which do."""


@clients.command("add")
@click.argument("name")
@click.option(
    "--redirect", "redirects", multiple=True, required=True, help="Where the system takes people back; may be given several times."
)
@click.option("--logout", default="", help="Where the system is told that somebody signed out (back-channel logout).")
@click.option("--trusted", is_flag=True, help="A system of your own: people are not asked whether it may know who they are.")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(("user:read", "read", "write")), help="What its tokens may do in the API."
)
def add(name: str, redirects: tuple[str, ...], logout: str, trusted: bool, scopes: tuple[str, ...]) -> None:
    """Register the system NAME and print its id and secret, which is shown once."""
    with django_ready():
        from .provider import REALM, register_client

        id, secret = register_client(name=name, redirect_uris=redirects, logout_uri=logout, trusted=trusted, scopes=scopes)
        from django.conf import settings

        click.echo(f"issuer  {settings.CONFIG.base_url}{REALM}\nid      {id}\nsecret  {secret}")


@clients.command("machine")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, default=("webhooks",), show_default=True, help="What its tokens are for.")
def machine(name: str, scopes: tuple[str, ...]) -> None:
    """Register the program NAME, which acts for itself, and print its id and secret, which is shown once."""
    with django_ready():
        from .provider import register_machine

        id, secret = register_machine(name=name, scopes=scopes)
        click.echo(f"id      {id}\nsecret  {secret}")


@clients.command("list")
def show() -> None:
    """The systems that are registered."""
    with django_ready():
        from allauth.idp.oidc.models import Client

        for client in Client.objects.order_by("name", "pk"):
            click.echo(f"{client.pk}  {client.name}  {' '.join(client.get_redirect_uris())}")


@clients.command("remove")
@click.argument("id")
def remove(id: str) -> None:
    """Take the system with this ID off; its tokens end."""
    with django_ready():
        from allauth.idp.oidc.models import Client

        deleted, _ = Client.objects.filter(pk=id).delete()
        if not deleted:
            raise click.ClickException(f"There is no system {id}.")
