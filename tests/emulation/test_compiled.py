from pathlib import Path

import pytest

from emulation.commands.compiled import compile_folders, is_compiled


@pytest.mark.parametrize("is_without", [False, True])
def test_modules_are_compiled_before_the_first_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_without: bool
) -> None:
    # A machine may be set up not to write what it compiles when it imports.
    monkeypatch.setattr("sys.dont_write_bytecode", is_without)
    module = tmp_path / "package" / "part" / "module.py"
    module.parent.mkdir(parents=True)
    module.write_text("ANSWER = 42\n")
    assert not is_compiled(module)
    compile_folders([tmp_path])
    assert is_compiled(module)


def test_what_cannot_be_compiled_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "other_language.py").write_text("print 'two'\n")
    (tmp_path / "module.py").write_text("ANSWER = 42\n")
    compile_folders([tmp_path, tmp_path / "missing"])
    assert is_compiled(tmp_path / "module.py")
    assert not is_compiled(tmp_path / "other_language.py")
