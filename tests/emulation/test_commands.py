import asyncio
import json
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from emulation.commands.containers import project_name
from emulation.commands.processes import ALLOCATOR, part_environment
from emulation.settings import ROOT, read_local_settings
from tests.emulation.command_stack import PARTS, STARTING_SECONDS, Output, Stack, is_gone, own_stack

HURRY_SECONDS = 0.002


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


async def test_a_stack_goes_up_and_down(stack: Stack) -> None:
    up = await stack.run("up")
    assert (up.code, up.err) == (0, "")
    assert "Up in" in up.out
    assert f"http://localhost:{stack.environ['FRONT_DOOR_PORT']}/_local/docs" in up.out
    assert await stack.is_healthy()
    pids = stack.pids()

    again = await stack.run("up")
    assert (again.code, stack.pids()) == (0, pids)
    assert "Already up, as processes." in again.out

    status = await stack.run("status")
    assert (status.code, status.out.count("healthy")) == (0, 3)
    assert "The front door is open" in (await stack.run("logs", "edge")).out
    logs = (await stack.run("logs")).out
    assert "cloud | " in logs
    assert "botocore" not in logs
    for part in PARTS:
        assert (await stack.run("healthcheck", part)).code == 0

    await stack.ask("POST", "/_local/clock", {"advanceSeconds": 60})
    assert (await stack.run("reset")).code == 0
    assert json.loads((await stack.ask("GET", "/_local/clock"))[1]) == {"events": []}

    down = await stack.run("down")
    assert (down.code, len(pids), all(map(is_gone, pids)), stack.pids()) == (0, 3, True, [])
    status = await stack.run("status")
    assert (status.code, status.out.count("stopped")) == (1, 3)


async def test_a_reader_who_leaves_neither_stops_the_stack_nor_gets_a_traceback(stack: Stack) -> None:
    assert await stack.run_unread("up") == Output(0, "", "")
    assert len(stack.pids()) == 3
    assert await stack.is_healthy()
    assert await stack.run_unread("status") == Output(0, "", "")
    assert (await stack.run_unread("logs", "-f")).err == ""
    assert await stack.run_unread("down") == Output(0, "", "")


async def test_up_starts_again_what_was_killed(stack: Stack) -> None:
    await stack.run("up")
    cloud, api, edge = stack.pids()
    await stack.kill(api)
    assert (await stack.run("up")).code == 0
    assert (stack.pids()[0], stack.pids()[2]) == (cloud, edge)
    assert await stack.is_healthy()


async def test_the_commands_speak_to_the_stack_that_runs_whatever_ports_are_asked_for_since(
    stack: Stack, tmp_path: Path
) -> None:
    await stack.run("up")
    pids = stack.pids()
    async with own_stack(tmp_path / "another") as another:
        await another.run("up")
        await another.ask("POST", "/_local/clock", {"advanceSeconds": 60})
        # As in a second checkout whose ports were named for `up` alone.
        elsewhere = Stack(stack.folder, another.environ | {"LOCAL_DIR": str(stack.folder)})

        again = await elsewhere.run("up")
        assert (again.code, stack.pids()) == (0, pids)
        assert f"http://localhost:{stack.environ['FRONT_DOOR_PORT']}/_local/docs" in again.out
        status = await elsewhere.run("status")
        assert (status.code, stack.environ["API_PORT"] in status.out) == (0, True)
        assert (await elsewhere.run("snapshot", "own")).code == 0
        await stack.ask("POST", "/_local/clock", {"advanceSeconds": 5})
        assert (await elsewhere.run("restore", "own")).code == 0
        assert await _advances(stack) == []
        await stack.ask("POST", "/_local/clock", {"advanceSeconds": 5})
        assert (await elsewhere.run("reset")).code == 0
        assert (await _advances(stack), len(await _advances(another))) == ([], 1)

        # What was killed gets its port back.
        await stack.kill(pids[1])
        assert (await elsewhere.run("up")).code == 0
        assert await stack.is_healthy()
        assert await another.is_healthy()


async def _advances(stack: Stack) -> list[object]:
    return list(json.loads((await stack.ask("GET", "/_local/clock"))[1])["events"])


async def test_an_interrupted_start_says_so_and_leaves_nothing_behind(stack: Stack) -> None:
    # The others wait for a local AWS that is not there.
    stack.environ["AWS_URL"] = "http://127.0.0.1:9"
    up = await stack.start("up")
    assert up.stdout is not None
    told = [await up.stdout.readline() for _ in range(2)]
    started = stack.pids()
    up.send_signal(signal.SIGINT)
    told.append(await up.stdout.readline())
    # Somebody in a hurry presses it again and again, until it has ended.
    ending = asyncio.create_task(up.communicate())
    while not ending.done():
        with suppress(ProcessLookupError):
            up.send_signal(signal.SIGINT)
        await asyncio.sleep(HURRY_SECONDS)
    out, err = await ending

    assert (up.returncode, out, err) == (130, b"", b"")
    assert told[0] == b"Starting as processes.\n"
    assert told[1].startswith(b"  cloud  healthy")
    assert told[2] == b"Interrupted; stopping what was started.\n"
    assert (len(started), all(map(is_gone, started)), stack.pids()) == (3, True, [])


async def test_down_finds_nothing_when_nothing_is_up(stack: Stack) -> None:
    down = await stack.run("down")
    assert (down.code, down.out) == (0, "Nothing is up.\n")


async def test_a_process_that_is_not_ours_is_never_ended(stack: Stack) -> None:
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    (stack.folder / "run").mkdir()
    note = {"pid": other.pid, "started": "0", "since": "2026-01-01T00:00:00Z", "port": 1}
    (stack.folder / "run" / "api.json").write_text(json.dumps(note))
    assert (await stack.run("down")).code == 0
    assert not is_gone(other.pid)
    other.terminate()
    await other.communicate()


@pytest.mark.parametrize("variable", ["FRONT_DOOR_PORT", "API_PORT", "AWS_PORT"])
async def test_a_taken_port_is_named_with_its_variable(stack: Stack, taken_port: int, variable: str) -> None:
    stack.environ[variable] = str(taken_port)
    up = await stack.run("up")
    assert (up.code, up.err.count("\n"), stack.pids()) == (1, 1, [])
    assert f"Port {taken_port}" in up.err
    assert f"{variable}=" in up.err


async def test_a_part_that_ends_is_named_and_nothing_stays_behind(stack: Stack) -> None:
    stack.environ["BIND_HOST"] = "203.0.113.1"
    up = await stack.run("up")
    assert (up.code, up.err.count("\n"), stack.pids()) == (1, 1, [])
    assert "has ended" in up.err
    assert "just logs" in up.err


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"API_PORT": "many"}, "API_PORT"),
        ({"API_PORT": "0"}, "API_PORT"),
        ({"API_PORT": "18080", "AWS_PORT": "18080"}, "must differ"),
        ({"STACK": "pods"}, "STACK must be containers or processes"),
        ({"STACK": "containers", "DOCKER_HOST": "unix:///nowhere.sock"}, "STACK=processes"),
        ({"STACK": "containers", "PATH": "/nowhere"}, "is not installed. Without it, STACK=processes"),
        ({"AWS_URL": "nonsense"}, "AWS_URL must"),
        ({"API_URL": "::"}, "API_URL must"),
        ({"FRONT_DOOR_URL": "http://["}, "FRONT_DOOR_URL must"),
        ({"PUBLIC_API_URL": "http://localhost:many"}, "PUBLIC_API_URL must"),
        ({"PUBLIC_AWS_URL": "http://localhost:4566/s3"}, "PUBLIC_AWS_URL must"),
        ({"CORS_ORIGINS": "http://localhost:3000,ftp://localhost"}, "CORS_ORIGINS must"),
        ({"CORS_ORIGINS": "http://localhost:3000/"}, "CORS_ORIGINS must"),
    ],
)
async def test_a_setting_that_cannot_be_used_is_a_sentence(stack: Stack, variables: dict[str, str], told: str) -> None:
    usable = dict(stack.environ)
    stack.environ |= variables
    up = await stack.run("up")
    stack.environ = usable
    assert (up.code, up.err.count("\n"), stack.pids()) == (1, 1, [])
    assert told in up.err


def test_an_address_may_end_with_a_slash_and_be_one_of_ipv6() -> None:
    settings = read_local_settings({"AWS_URL": "http://[::1]:4566/", "CORS_ORIGINS": "https://guitars.example"})
    assert (settings.aws_url, settings.cors_origins) == ("http://[::1]:4566", ("https://guitars.example",))


@pytest.mark.parametrize(
    ("command", "place"),
    [("up", "/proc/nowhere"), ("dev", "/sys/nowhere"), ("down", "/etc/hostname"), ("reset", "/etc/hostname/below")],
)
async def test_a_folder_that_cannot_be_used_is_a_sentence(stack: Stack, command: str, place: str) -> None:
    usable = dict(stack.environ)
    stack.environ["LOCAL_DIR"] = place
    output = await stack.run(command)
    stack.environ = usable
    assert (output.code, output.err.count("\n")) == (1, 1)
    assert f"LOCAL_DIR={place} cannot be used" in output.err


@pytest.mark.parametrize("command", ["logs", "seed", "healthcheck cloud"])
async def test_a_command_that_needs_the_stack_says_so(stack: Stack, command: str) -> None:
    output = await stack.run(*command.split())
    assert (output.code, output.err.count("\n")) == (1, 1)


async def test_seeding_a_stack_that_lacks_a_part_is_a_sentence(stack: Stack) -> None:
    await stack.run("up")
    _, api, _ = stack.pids()
    await stack.kill(api)
    seed = await stack.run("seed")
    url = f"http://localhost:{stack.environ['FRONT_DOOR_PORT']}"
    assert (seed.code, seed.out) == (1, "")
    assert seed.err == f"The stack does not answer at {url}: uv run just up\n"


async def test_the_container_tests_say_when_no_engine_answers(stack: Stack) -> None:
    stack.environ["DOCKER_HOST"] = "unix:///nowhere.sock"
    output = await stack.run("test-docker")
    assert (output.code, output.out, output.err.count("\n")) == (1, "", 1)


async def test_reset_deletes_the_data_of_a_stopped_stack(stack: Stack) -> None:
    (stack.folder / "state").mkdir()
    (stack.folder / "state" / "state.pickle").touch()
    assert (await stack.run("reset")).code == 0
    assert not (stack.folder / "state").exists()


async def test_the_recipes_find_the_uv_that_runs_just_without_a_path_to_it(stack: Stack, tmp_path: Path) -> None:
    uv, shell = os.environ.get("UV") or shutil.which("uv"), shutil.which("sh")
    assert uv is not None
    assert shell is not None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sh").symlink_to(shell)
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("just")),
        "status",
        cwd=ROOT,
        env={**stack.environ, "PATH": str(tmp_path / "bin"), "UV": uv},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert (process.returncode, out.decode().startswith("Nothing is up;")) == (1, True)


async def test_ending_just_ends_the_command_that_it_runs(stack: Stack) -> None:
    (stack.folder / "logs").mkdir()
    (stack.folder / "logs" / "edge.log").write_text("The front door is open\n")
    just = str(Path(sys.executable).with_name("just"))
    command = await asyncio.create_subprocess_exec(
        just, "logs", "edge", "-f", cwd=ROOT, env=stack.environ, stdout=asyncio.subprocess.PIPE
    )
    assert command.stdout is not None
    assert await asyncio.wait_for(command.stdout.readline(), STARTING_SECONDS) == b"The front door is open\n"
    command.terminate()
    # The pipe has its end when nobody holds it any more.
    assert await asyncio.wait_for(command.stdout.read(), STARTING_SECONDS) == b""
    await command.wait()


def test_a_hint_can_be_typed_without_an_installed_just() -> None:
    sources = {path: path.read_text() for path in (ROOT / "emulation" / "commands").glob("*.py")}
    hints = [
        (path.name, hint) for path, text in sources.items() for hint in re.findall(r"`just [^`]*`|} just up", text)
    ]
    assert hints == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("emulation logs door", "just logs: error: argument part: invalid choice: 'door'"),
        ("emulation doctor --cure", "just: error: unrecognized arguments: --cure"),
        ("deploy.commands deploy dev now", "just: error: unrecognized arguments: now"),
        ("deploy.build wing", "just build: error: there is no function 'wing'; there are auth, user, guitars, "),
        ("tests.bench mark", "just bench: error: there is no row 'mark'; there are api, api-peers, lambda-warm, "),
        ("tests.parity moon", "just parity: error: there is no target 'moon'; there are inprocess, stack, lambda"),
        ("tests.faults luck", "just reliability: error: there is no run 'luck'; there are "),
        ("tests.faults.soak --dry", "just soak: error: unrecognized arguments: --dry"),
    ],
)
async def test_a_word_that_a_command_does_not_know_is_told_as_it_was_typed(arguments: str, told: str) -> None:
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", *arguments.split())
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    *usage, last = err.decode().splitlines()
    assert (process.returncode, out) == (2, b"")
    assert last.startswith(told)
    assert usage[0].startswith("usage: just ")


async def test_every_recipe_says_what_it_does() -> None:
    just = Path(sys.executable).with_name("just")
    process = await asyncio.create_subprocess_exec(
        str(just), "--dump", "--dump-format", "json", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    recipes = json.loads((await process.communicate())[0])["recipes"]
    assert {"up", "down", "status", "logs", "reset", "seed", "dev", "test", "test-docker", "lint", "format"} <= set(
        recipes
    )
    assert [name for name, recipe in recipes.items() if not recipe["doc"]] == []


@pytest.mark.skipif(shutil.which("npm") is None, reason="The viewer comes with npm.")
async def test_a_version_of_the_viewer_that_cannot_be_had_is_a_sentence(stack: Stack) -> None:
    pipe = asyncio.subprocess.PIPE
    command = (str(Path(sys.executable).with_name("just")), "renew-swagger-ui", "0.0.0")
    environ = {**stack.environ, "npm_config_offline": "true"}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environ, stdout=pipe, stderr=pipe)
    _, err = await process.communicate()
    assert (process.returncode, err) == (1, b"npm has no swagger-ui-dist 0.0.0, or is not reached.\n")


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, "guitar-collection-"),
        ({"LOCAL_DIR": "/elsewhere"}, "guitar-collection-"),
        ({"LOCAL_DIR": "/elsewhere", "COMPOSE_PROJECT_NAME": "mine"}, "mine"),
    ],
)
def test_a_stack_with_a_folder_of_its_own_has_containers_of_its_own(environ: dict[str, str], name: str) -> None:
    project = project_name(read_local_settings(environ), environ)
    assert project.startswith(name)
    assert (project == name) == (not name.endswith("-"))


def test_two_checkouts_share_neither_containers_nor_image() -> None:
    folders = (ROOT / ".local", ROOT.with_name("another") / ".local")
    names = {project_name(read_local_settings({"LOCAL_DIR": str(folder)}), {}) for folder in folders}
    assert len(names) == 2
    assert project_name(read_local_settings({}), {}) in names
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert "name" not in compose
    assert {service["image"] for service in compose["services"].values()} == {"${COMPOSE_PROJECT_NAME}-local"}


def test_containers_listen_on_loopback_only() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    ports = [port for service in services.values() for port in service["ports"]]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_a_containers_memory_is_kept_as_a_processs_is() -> None:
    dockerfile = (ROOT / "emulation" / "Dockerfile").read_text()
    assert {name for name, value in ALLOCATOR.items() if f"{name}={value} " in dockerfile} == set(ALLOCATOR)
    settings = read_local_settings({})
    assert part_environment(settings, {"MALLOC_ARENA_MAX": "4"})["MALLOC_ARENA_MAX"] == "4"
