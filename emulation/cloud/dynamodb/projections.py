"""ProjectionExpression: which parts of an item are answered."""

from dataclasses import dataclass
from functools import lru_cache

from emulation.cloud.dynamodb.lexer import Tokens
from emulation.cloud.dynamodb.paths import Path, fault_of_meeting, parse_path, placeholders_in, resolve
from emulation.cloud.dynamodb.placeholders import Mentioned, Placeholders
from emulation.cloud.dynamodb.refusals import RequestError

EXPRESSION = "ProjectionExpression"


@dataclass(frozen=True, slots=True)
class _Parsed:
    paths: tuple[Path, ...]
    mentioned: Mentioned


def read_projection(text: str, placeholders: Placeholders) -> tuple[Path, ...]:
    """The resolved paths of a ProjectionExpression; raises RequestError."""
    parsed = _parse(text)
    placeholders.bind(EXPRESSION, parsed.mentioned)
    paths = tuple(resolve(path, placeholders.names) for path in parsed.paths)
    fault = fault_of_meeting(paths)
    if fault is not None:
        raise RequestError(f"Invalid {EXPRESSION}: {fault}")
    return paths


@lru_cache(maxsize=1000)
def _parse(text: str) -> _Parsed:
    tokens = Tokens(EXPRESSION, text)
    paths = [parse_path(tokens)]
    while tokens.accept(","):
        paths.append(parse_path(tokens))
    tokens.expect_end()
    return _Parsed(tuple(paths), Mentioned(placeholders_in(paths)))
