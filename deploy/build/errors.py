"""Why a build stops."""


class BuildError(Exception):
    """One sentence for whoever asked for the build."""
