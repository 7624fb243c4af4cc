"""The words of a command line that name some of what there is."""

from argparse import ArgumentParser
from collections.abc import Collection, Iterable


def check_choice(parser: ArgumentParser, what: str, words: Iterable[str], known: Collection[str]) -> None:
    """End the process with a sentence about the first word that is not known.

    argparse's `choices` would count the empty list as a word, where any number of them may stand.
    """
    for word in words:
        if word not in known:
            parser.error(f"there is no {what} {word!r}; there are {', '.join(known)}")
