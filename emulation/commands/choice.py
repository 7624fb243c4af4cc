"""Which form the stack gets, and which one runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from emulation.commands.containers import Containers, check_compose, connect_engine
from emulation.commands.errors import CommandError
from emulation.commands.form import Form
from emulation.commands.processes import Processes
from emulation.settings import LocalSettings, read_local_settings

FORMS = ("containers", "processes")


@dataclass(frozen=True)
class Choice:
    """A form, and why it is that one (empty when nothing needs to be said)."""

    form: Form
    reason: str = ""


def asked_form(environ: Mapping[str, str]) -> str | None:
    """What STACK asks for; raises CommandError on a word that is no form."""
    asked = environ.get("STACK") or None
    if asked is not None and asked not in FORMS:
        raise CommandError(f"STACK must be containers or processes, not {asked!r}.")
    return asked


def known_forms(settings: LocalSettings, environ: Mapping[str, str]) -> list[Form]:
    """The forms that are possible here, containers last."""
    forms: list[Form] = [Processes(settings, environ)]
    try:
        forms.append(Containers(settings, environ, connect_engine(environ)))
    except CommandError:
        return forms
    return forms


def find_running(settings: LocalSettings, environ: Mapping[str, str]) -> Form | None:
    """The form that runs now, if any, with the ports that it was started with.

    Those of the environment may have changed since, and be the ports of another stack.
    """
    found = next((form for form in known_forms(settings, environ) if form.running()), None)
    if found is None:
        return None
    as_started = {**environ, **{variable: str(port) for variable, port in found.ports().items()}}
    started_with = read_local_settings(as_started)
    if started_with == settings:
        return found
    return next(form for form in known_forms(started_with, as_started) if form.name == found.name)


def choose(settings: LocalSettings, environ: Mapping[str, str]) -> Choice:
    """The form to start in; raises CommandError when containers are asked for and cannot be had."""
    asked = asked_form(environ)
    if settings.frontend_dev and asked == "containers":
        raise CommandError("A container does not reach the dev server of FRONTEND_DEV; use STACK=processes.")
    if settings.frontend_dev and asked is None:
        return Choice(Processes(settings, environ), "FRONTEND_DEV is a server of this machine.")
    if asked == "processes":
        return Choice(Processes(settings, environ))
    try:
        engine = connect_engine(environ)
        check_compose(environ)
        return Choice(Containers(settings, environ, engine))
    except CommandError as error:
        if asked == "containers":
            raise CommandError(f"{error} Without it, STACK=processes starts the same stack.") from error
        return Choice(Processes(settings, environ), str(error))
