import io
from pathlib import Path

import pytest
from PIL import Image

from emulation.seed.account import read_account
from emulation.seed.collection import COLLECTION, DemoGuitar
from emulation.seed.drawing import BODY, SIZE, WHOLE, View, draw_guitar
from emulation.seed.receipt import draw_receipt
from server.models.guitar import GuitarCreate
from server.pictures import check_pdf, process_picture


def test_the_collection_is_a_dozen_different_guitars() -> None:
    assert len({(demo.attributes["brand"], demo.attributes["model"]) for demo in COLLECTION}) == 12


@pytest.mark.parametrize("demo", COLLECTION, ids=lambda demo: str(demo.attributes["model"]))
def test_a_guitar_of_the_collection_is_one_the_api_takes(demo: DemoGuitar) -> None:
    guitar = GuitarCreate.model_validate(demo.attributes)
    assert guitar.private_info
    assert guitar.notes
    assert guitar.detailed_specs


@pytest.mark.parametrize("view", [WHOLE, BODY])
def test_a_drawn_guitar_is_a_picture_the_api_takes(view: View) -> None:
    picture = process_picture(draw_guitar(COLLECTION[0].look, view), "image/jpeg")
    assert (picture.width, picture.height) == SIZE


def test_a_receipt_is_a_pdf_or_a_picture() -> None:
    attributes = COLLECTION[0].attributes
    check_pdf(draw_receipt(attributes, "application/pdf"))
    assert Image.open(io.BytesIO(draw_receipt(attributes, "image/jpeg"))).format == "JPEG"


def test_the_password_of_the_demo_account_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    account = read_account(tmp_path / "state")
    assert read_account(tmp_path / "state") == account
    assert read_account(tmp_path / "another").password != account.password
    assert (tmp_path / "state" / "seed.json").stat().st_mode & 0o077 == 0


def test_the_password_of_the_demo_account_meets_the_policy(tmp_path: Path) -> None:
    password = read_account(tmp_path).password
    kinds = (str.isupper, str.islower, str.isdigit, lambda character: not character.isalnum())
    assert len(password) >= 8
    assert all(any(kind(character) for character in password) for kind in kinds)
