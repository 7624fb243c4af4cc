# The commands of the project; each one works alone, and `just` lists them.
# Without an installed just: `uv run just up`.
# What runs until it is ended takes the place of its shell (exec): Debian's shell keeps SIGTERM for itself.

# Python keeps what it compiled: without it, every start of a part and every test of one takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

# The uv that runs just is found by the recipes too, when it lies in no folder of PATH.
# https://docs.astral.sh/uv/reference/environment/#uv
export PATH := env("PATH") + if env("UV", "") == "" { "" } else { ":" + parent_directory(env("UV")) }

# List the commands.
default:
    @just --list --unsorted

# Start the stack: containers when a Docker engine answers, else processes (STACK=containers|processes chooses).
[group('run')]
[no-exit-message]
up:
    @uv run python -m emulation up

# Stop the stack; its data is kept.
[group('run')]
[no-exit-message]
down:
    @uv run python -m emulation down

# Run in the foreground, with the logs, reloading what was saved.
[group('run')]
[no-exit-message]
dev:
    @exec uv run python -m emulation dev

# Which parts run, where, since when.
[group('run')]
[no-exit-message]
status:
    @uv run python -m emulation status

# Print the logs, all or of one part: just logs api -f
[group('run')]
[no-exit-message]
logs *args:
    @exec uv run python -m emulation logs {{ args }}

# Fill the running stack with a collection to play with.
[group('data')]
[no-exit-message]
seed:
    @uv run python -m emulation seed

# Delete all data; a running stack goes on, empty.
[group('data')]
[no-exit-message]
reset:
    @uv run python -m emulation reset

# Keep all data, of a stack that is up or down, as .local/snapshots/NAME.gcsnap.
[group('data')]
[no-exit-message]
snapshot name:
    @uv run python -m emulation snapshot {{ quote(name) }}

# Replace all data by that of a snapshot.
[group('data')]
[no-exit-message]
restore name:
    @uv run python -m emulation restore {{ quote(name) }}

# List the snapshots.
[group('data')]
[no-exit-message]
snapshots:
    @uv run python -m emulation snapshots

# What has come apart in the running stack (orphans, dead letters): just doctor --mend puts it right.
[group('data')]
[no-exit-message]
doctor *args:
    @uv run python -m emulation doctor {{ args }}

# All tests, on all cores; those of the API once in process, once against a stack of processes whose index lags by 300 ms.
[group('test')]
[no-exit-message]
test:
    @uv run pytest --numprocesses=auto --dist=loadfile
    @INDEX_LAG_MS=300 uv run python -m emulation test-stack

# The tests of the API against a stack of processes of its own.
[group('test')]
[no-exit-message]
test-stack *args:
    @uv run python -m emulation test-stack -- {{ args }}

# The tests of the API against a stack of containers of its own, the image built anew.
[group('test')]
[no-exit-message]
test-docker *args:
    @uv run python -m emulation test-docker -- {{ args }}

# Everything that can fail does, under load: parts, containers, services, disk and clock.
[group('test')]
[no-exit-message]
test-faults *args:
    @uv run pytest tests/faults --faults=full {{ args }}

# 30,000 mixed requests of 50 clients: errors, and the growth of each part.
[group('test')]
[no-exit-message]
soak *args:
    @uv run python -m tests.faults.soak {{ args }}

# Try everything that can fail and write docs/reliability.md; --short takes minutes.
[group('test')]
[no-exit-message]
reliability *args:
    @uv run python -m tests.faults {{ args }}

# The pages in a real browser, on a stack of their own.
[group('test')]
test-browser *args:
    @uv run pytest tests/browser {{ args }}

# Hostile input against a stack of its own, 10,000 cases or more of the API's document: just test-hostile --cases 50000
[group('test')]
[no-exit-message]
test-hostile *args:
    @uv run python -m emulation test-stack -- tests/hostile -o faulthandler_timeout=0 --cases=10000 {{ args }}

# Write a picture of every page, light and dark, phone and desktop, into .local/screenshots.
[group('test')]
screenshots:
    @uv run pytest -q tests/browser/test_pages.py --screenshots=.local/screenshots

# The tests of the API in process, against a stack and against the built functions, and every answer compared.
[group('test')]
[no-exit-message]
parity *targets:
    @uv run python -m tests.parity {{ targets }}

# Build the Lambda functions into .build/, one artifact each: just build --arch x86_64
[group('build and deploy')]
[no-exit-message]
build *args:
    @uv run python -m deploy.build {{ args }}

# Check the deployment without an account: SAM, cfn-lint, checkov and actionlint, each in an environment of its own.
[group('build and deploy')]
[no-exit-message]
check-template:
    @uv run python -m deploy.checks

# Bring an environment on AWS to what the repository holds: just deploy dev
[group('build and deploy')]
[no-exit-message]
deploy environment:
    @uv run python -m deploy.commands deploy {{ quote(environment) }}

# Put a built site into an environment: just deploy-site dev ../frontend/dist
[group('build and deploy')]
[no-exit-message]
deploy-site environment folder:
    @uv run python -m deploy.commands deploy-site {{ quote(environment) }} {{ quote(folder) }}

# Take a short journey through an environment, which leaves nothing behind: just smoke dev
[group('build and deploy')]
[no-exit-message]
smoke environment:
    @uv run python -m deploy.commands smoke {{ quote(environment) }}

# The tests of the API against an environment on AWS, never prod: just test-url dev
[group('build and deploy')]
[no-exit-message]
test-url environment:
    @uv run python -m deploy.commands test-url {{ quote(environment) }}

# Delete an environment with all its data, never prod: just destroy dev
[group('build and deploy')]
[no-exit-message]
destroy environment *args:
    @uv run python -m deploy.commands destroy {{ quote(environment) }} {{ args }}

# Ask the local cloud and stock moto the same questions and write docs/fidelity.md.
[group('measure')]
fidelity:
    @uv run python -m tests.fidelity

# What a month costs on AWS, measured and priced, into docs/: just cost --measured, just cost --route "GET /guitars"
[group('measure')]
[no-exit-message]
[positional-arguments]
cost *args:
    @uv run python -m emulation.cost "$@"

# Measure this project beside what people would use instead, all rows or some: just bench api cloud
[group('measure')]
[no-exit-message]
bench *args:
    @uv run python -m tests.bench {{ args }}

# Measure all rows and write docs/performance.md anew.
[group('measure')]
performance:
    @uv run python -m tests.bench --write

# What of the measurements does not depend on the machine; part of `just test` too.
[group('measure')]
bench-smoke:
    @uv run pytest -q tests/bench

# Check style and types.
[group('code')]
lint:
    uv run ruff check
    uv run ruff format --check
    uv run mypy

# Rewrite the code in the one style.
[group('code')]
format:
    uv run ruff check --fix
    uv run ruff format

# Write the API's OpenAPI document, docs/openapi.json, anew from routes and models.
[group('code')]
openapi:
    @uv run python -m emulation.openapi

# Write the API's TypeScript types, docs/client/api.d.ts, anew from its document (Node 20 and npm).
[group('code')]
client *args: _client-tools
    @cd docs/client && npm run --silent types -- {{ args }}

# Check what uses those types: the examples of docs/client.md and the sample site's client.
[group('code')]
check-client: _client-tools
    @cd docs/client && npm run --silent check

# The pinned generator and compiler, fetched when the lock has changed, by one recipe at a time.
_client-tools:
    @uv run python -m tests.client.tools

# Take another version of Swagger UI, the viewer behind /_local/docs, from npm: just renew-swagger-ui 5.35.0
[group('code')]
[no-exit-message]
renew-swagger-ui version:
    #!/usr/bin/env bash
    set -euo pipefail
    unpacked=$(mktemp -d)
    trap 'rm -rf "$unpacked"' EXIT
    cd "$unpacked"
    npm pack --silent "swagger-ui-dist@{{ version }}" > /dev/null || { echo "npm has no swagger-ui-dist {{ version }}, or is not reached." >&2; exit 1; }
    tar xzf ./*.tgz
    cd - > /dev/null
    cd emulation/edge/docs/swagger-ui
    for file in swagger-ui-bundle.js swagger-ui-bundle.js.LICENSE.txt swagger-ui.css LICENSE NOTICE; do
        cp "$unpacked/package/$file" .
    done
    echo "{{ version }}" > VERSION
    sha256sum LICENSE NOTICE VERSION swagger-ui* > SHA256SUMS
