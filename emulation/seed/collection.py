"""The demo collection: a dozen well-known guitars, as POST /guitars takes them, and how each looks."""

from dataclasses import dataclass

from emulation.seed.attributes import Attributes, acoustic, bought, fender, gibson, notes
from emulation.seed.drawing import Look


@dataclass(frozen=True)
class DemoGuitar:
    """A guitar of the collection; `receipt` is the type of the file that proves its purchase, if there is one."""

    attributes: Attributes
    look: Look
    receipt: str | None = None


_SINGLE = "single coil"
_HUMBUCKERS = ("humbucker", "humbucker")

COLLECTION = (
    DemoGuitar(
        fender(
            "American Vintage II 1961 Stratocaster",
            2023,
            pickupConfiguration="SSS",
            color="3-Color Sunburst",
            finish="Gloss nitrocellulose",
            bridge="Synchronized tremolo",
            privateInfo=bought("V2318842", "2023-05-12", "2349.99", "2100.00", "Chicago Music Exchange"),
            notes=notes("Set up with 10-46, floating bridge", "The neck pickup is the one for slow blues"),
        ),
        Look("stratocaster", "#e8a33d", "#2a120a", "#8fa3a8", (_SINGLE,) * 3, guard="#f4efe2"),
        receipt="application/pdf",
    ),
    DemoGuitar(
        fender(
            "American Vintage II 1951 Telecaster",
            2022,
            bodyMaterial="Ash",
            fretboardMaterial="Maple",
            pickupConfiguration="SS",
            color="Butterscotch Blonde",
            finish="Gloss nitrocellulose",
            bridge="Three brass saddles",
            electronics="Volume, tone, three-way switch",
            privateInfo=bought("V2207113", "2022-11-03", "2249.99", "2050.00", "Carter Vintage, Nashville"),
            notes=notes("Compensated the brass saddles"),
        ),
        Look("telecaster", "#e8b765", "#dca448", "#6f7f8f", (_SINGLE, _SINGLE), "#d9a866", guard="#15120f"),
    ),
    DemoGuitar(
        gibson(
            "Les Paul Standard '60s",
            2021,
            bodyMaterial="Mahogany with a maple top",
            color="Iced Tea Burst",
            finish="Gloss nitrocellulose",
            privateInfo=bought("213910044", "2021-09-18", "2799.00", "2600.00", "Sweetwater"),
            notes=notes("Burstbucker 61s", "9.2 lbs on the kitchen scale"),
        ),
        Look("les paul", "#f0b34a", "#8a2418", "#b7a58c", _HUMBUCKERS, guard="#efe3c2", binding="#f1e6c8"),
        receipt="image/jpeg",
    ),
    DemoGuitar(
        gibson(
            "SG Standard '61",
            2019,
            color="Vintage Cherry",
            finish="Gloss nitrocellulose",
            privateInfo=bought("190028471", "2020-02-01", "1799.00", "1650.00", "Guitar Center"),
            notes=notes("Dives a little at the head; wide suede strap helps"),
        ),
        Look("sg", "#a3201f", "#6d0f12", "#c9bfae", _HUMBUCKERS),
    ),
    DemoGuitar(
        gibson(
            "ES-335",
            2020,
            type="Semi-hollow",
            bodyMaterial="Laminated maple",
            color="Vintage Burst",
            finish="Gloss nitrocellulose",
            privateInfo=bought("208400617", "2020-10-09", "3499.00", "3300.00", "Rudy's Music, New York"),
            notes=notes("Flatwounds since spring"),
        ),
        Look("semi-hollow", "#e2a04a", "#7a3414", "#94a08a", _HUMBUCKERS, guard="#17120f", binding="#f1e6c8"),
    ),
    DemoGuitar(
        acoustic(
            "Martin",
            "D-28",
            2018,
            bodyMaterial="Sitka spruce, East Indian rosewood",
            tuningMachines="Open-gear nickel",
            bridge="Ebony, modern belly",
            detailedSpecs={"bracing": "Forward-shifted X", "bodyDepth": {"upper": '3 15/16"', "lower": '4 7/8"'}},
            privateInfo=bought("2214509", "2018-12-20", "2999.00", "2900.00", "Elderly Instruments"),
            notes=notes("Keep the case at 45 to 50 % humidity", "New saddle in 2022"),
        ),
        Look("dreadnought", "#e9b872", "#d79a52", "#7d8a78", guard="#2b1710", binding="#f3e9cf"),
    ),
    DemoGuitar(
        acoustic(
            "Taylor",
            "814ce",
            2022,
            type="Acoustic-electric",
            bodyMaterial="Sitka spruce, Indian rosewood",
            scaleLength='25.5"',
            electronics="Expression System 2",
            tuningMachines="Gotoh 510",
            bridge="West African ebony",
            detailedSpecs={"bracing": "V-Class", "shape": "Grand Auditorium"},
            privateInfo=bought("1205222041", "2022-06-30", "3999.00", "3600.00", "Wildwood Guitars"),
            notes=notes("Battery changed in March"),
        ),
        Look("auditorium", "#efc98b", "#e2b26c", "#86767a", guard="#3a1d12", binding="#5b3320"),
    ),
    DemoGuitar(
        gibson(
            "Custom 24",
            2017,
            brand="PRS",
            bodyMaterial="Mahogany with a figured maple top",
            numberOfFrets=24,
            scaleLength='25"',
            color="Faded Whale Blue",
            finish="Gloss polyester",
            bridge="PRS patented tremolo",
            tuningMachines="Phase III locking",
            electronics="Volume, tone, five-way switch",
            privateInfo=bought("17 239951", "2017-08-04", "3650.00", "3200.00", "The Music Zoo"),
            notes=notes("10-top with birds"),
        ),
        Look("sg", "#5f8fae", "#173a57", "#b9ad9a", _HUMBUCKERS, binding="#e6d3a8"),
    ),
    DemoGuitar(
        fender(
            "American Professional II Jazzmaster",
            2021,
            pickupConfiguration="SS",
            numberOfFrets=22,
            color="Mystic Surf Green",
            finish="Gloss polyurethane",
            bridge="Floating tremolo, Panorama",
            privateInfo=bought("US210018336", "2021-03-27", "1899.99", "1450.00", "Reverb"),
            notes=notes("Shim of 0.5 degrees under the heel"),
        ),
        Look("offset", "#8fc9b4", "#83bda8", "#d3c3ae", (_SINGLE, _SINGLE), guard="#f3eee2"),
    ),
    DemoGuitar(
        gibson(
            "G6120T Players Edition Nashville",
            2020,
            brand="Gretsch",
            type="Hollow body",
            bodyMaterial="Laminated maple",
            neckMaterial="Maple",
            fretboardMaterial="Ebony",
            scaleLength='24.6"',
            color="Orange Stain",
            finish="Gloss",
            bridge="Adjusto-Matic with Bigsby B6GP",
            countryOfOrigin="Japan",
            privateInfo=bought("JT20083715", "2020-12-11", "3199.99", "2750.00", "Thomann"),
            notes=notes("Filter'Trons; slapback at 120 ms"),
        ),
        Look(
            "archtop", "#d9701f", "#a44a10", "#7f9aa0", _HUMBUCKERS, guard="#d8d2c4", binding="#f1e6c8", metal="#d8b45a"
        ),
    ),
    DemoGuitar(
        fender(
            "RG550 Genesis",
            2019,
            brand="Ibanez",
            bodyMaterial="Basswood",
            fretboardMaterial="Maple",
            numberOfFrets=24,
            pickupConfiguration="HSH",
            color="Desert Sun Yellow",
            finish="Gloss polyester",
            bridge="Edge locking tremolo",
            nut="Locking",
            electronics="Volume, tone, five-way switch",
            caseIncluded=False,
            countryOfOrigin="Japan",
            privateInfo=bought("F1921178", "2019-07-15", "999.99", "950.00", "Sam Ash"),
            notes=notes("Super Wizard neck, 9-42, low action"),
        ),
        Look("superstrat", "#f4d01f", "#e8bf12", "#5d6470", ("black coil",) * 3, "#e2b877", metal="#3b3b3e"),
    ),
    DemoGuitar(
        gibson(
            "330",
            2016,
            brand="Rickenbacker",
            type="Semi-hollow",
            bodyMaterial="Maple",
            neckMaterial="Maple",
            numberOfFrets=24,
            pickupConfiguration="SS",
            color="Fireglo",
            finish="Conversion varnish",
            bridge="Six saddles, trapeze tailpiece",
            privateInfo=bought("1622841", "2016-04-22", "1899.00", "2200.00", "Pick of the Ricks"),
            notes=notes("For the jangle", "Truss rods: never force them"),
        ),
        Look("semi-hollow", "#d9622b", "#8f1d16", "#a9a08f", (_SINGLE, _SINGLE), guard="#f6f3ea", binding="#f6f3ea"),
    ),
)
