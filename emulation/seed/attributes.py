"""What guitars of a kind have in common, as POST /guitars takes it."""

from decimal import Decimal
from typing import Any

Attributes = dict[str, Any]


def fender(model: str, year: int, **others: Any) -> Attributes:
    """What the bolt-on guitars of the collection have in common, with their differences."""
    common = {
        "type": "Electric",
        "bodyMaterial": "Alder",
        "neckMaterial": "Maple",
        "fretboardMaterial": "Rosewood",
        "numberOfFrets": 21,
        "scaleLength": '25.5"',
        "tuningMachines": "Vintage-style, split shaft",
        "nut": "Bone",
        "electronics": "Volume, two tones",
        "caseIncluded": True,
        "countryOfOrigin": "USA",
        "detailedSpecs": {"neckProfile": "Mid '60s C", "fretboardRadius": '9.5"', "weightKg": Decimal("3.55")},
    }
    return {"brand": "Fender", "model": model, "year": year, **common, **others}


def gibson(model: str, year: int, **others: Any) -> Attributes:
    """What the set-neck guitars of the collection have in common, with their differences."""
    common = {
        "type": "Electric",
        "bodyMaterial": "Mahogany",
        "neckMaterial": "Mahogany",
        "fretboardMaterial": "Rosewood",
        "numberOfFrets": 22,
        "scaleLength": '24.75"',
        "pickupConfiguration": "HH",
        "tuningMachines": "Grover Rotomatics",
        "bridge": "ABR-1 Tune-O-Matic with stop bar",
        "nut": "Graph Tech",
        "electronics": "Two volumes, two tones, three-way switch",
        "caseIncluded": True,
        "countryOfOrigin": "USA",
        "detailedSpecs": {"neckProfile": "SlimTaper", "fretboardRadius": '12"', "weightKg": Decimal("3.9")},
    }
    return {"brand": "Gibson", "model": model, "year": year, **common, **others}


def acoustic(brand: str, model: str, year: int, **others: Any) -> Attributes:
    """What the flat-tops of the collection have in common, with their differences."""
    common = {
        "type": "Acoustic",
        "neckMaterial": "Mahogany",
        "fretboardMaterial": "Ebony",
        "numberOfFrets": 20,
        "scaleLength": '25.4"',
        "finish": "Gloss nitrocellulose",
        "color": "Natural",
        "nut": "Bone",
        "caseIncluded": True,
        "countryOfOrigin": "USA",
    }
    return {"brand": brand, "model": model, "year": year, **common, **others}


def bought(serial: str, date: str, price: str, value: str, place: str) -> Attributes:
    """What only the owner should know."""
    return {
        "serialNumber": serial,
        "purchaseDate": date,
        "originalRetailPrice": Decimal(price),
        "purchasePrice": Decimal(price) - 100,
        "purchaseLocation": place,
        "currentValue": Decimal(value),
        "currency": "USD",
        "insuranceInfo": "Covered by the household policy, item list of January",
    }


def notes(*contents: str) -> list[Attributes]:
    """Notes without ids: new ones."""
    return [{"content": content} for content in contents]
