"""What is wrong with the facts."""

from collections import Counter
from collections.abc import Iterator

from emulation.cloud.doctor.facts import Facts
from emulation.cloud.doctor.finding import Finding, Kind
from server.aws.guitar_items import TALLY
from server.triggers import uploads_of

NEAR_SECONDS = 86_400
FOLDERS = ("images/", "receipts/")


def examine(facts: Facts) -> list[Finding]:
    """All findings, in the order of their kinds."""
    found = [*_letters(facts), *_owners(facts), *_objects(facts), *_claims(facts), *_tallies(facts)]
    order = list(Kind)
    return sorted(found, key=lambda finding: (order.index(finding.kind), finding.subject))


def _letters(facts: Facts) -> Iterator[Finding]:
    for number, letter in facts.letters:
        told = f"{len(letter['records'])} of {letter['tableName']}, given up at {letter['at']}: {letter['error']}"
        yield Finding(Kind.DEAD_LETTER, number, told)


def _owners(facts: Facts) -> Iterator[Finding]:
    for user_id in facts.users - facts.profiles:
        yield Finding(Kind.USER_WITHOUT_PROFILE, user_id)
    known = facts.users | facts.unconfirmed
    for user_id in facts.profiles - known:
        yield Finding(Kind.PROFILE_WITHOUT_USER, user_id)
    owners = facts.owners
    for guitar in facts.guitars:
        if guitar["userId"] not in owners:
            yield Finding(Kind.GUITAR_WITHOUT_OWNER, f"{guitar['userId']}/{guitar['guitarId']}")


def _objects(facts: Facts) -> Iterator[Finding]:
    wanted = {
        key: f"{guitar['userId']}/{guitar['guitarId']}"
        for guitar in facts.guitars
        for keys in uploads_of(guitar).values()
        for key in keys
    }
    for key, guitar in wanted.items():
        there = facts.objects.get(key)
        if there is None or not there.is_there:
            yield Finding(Kind.GUITAR_WITHOUT_OBJECT, key, f"named by {guitar}")
        elif there.is_pending:
            yield Finding(Kind.ATTACHED_OBJECT_EXPIRES, key, f"named by {guitar}, still marked as not attached")
    for key, there in facts.objects.items():
        if key in wanted or not key.startswith(FOLDERS):
            continue
        if not there.is_pending:
            yield Finding(Kind.OBJECT_WITHOUT_GUITAR, key, "" if there.is_there else "hidden by a delete marker")
        elif there.expires_in_seconds is not None and there.expires_in_seconds < NEAR_SECONDS:
            yield Finding(Kind.PENDING_OBJECT_NEAR_EXPIRY, key, f"expires in {there.expires_in_seconds / 3600:.0f} h")


def _claims(facts: Facts) -> Iterator[Finding]:
    held = {
        (guitar["userId"], guitar["guitarId"], upload_id)
        for guitar in facts.guitars
        for upload_id in uploads_of(guitar)
    }
    for claim in facts.claims:
        upload_id = claim["guitarId"].partition("#")[2]
        if (claim["userId"], claim["claimedBy"], upload_id) not in held:
            yield Finding(Kind.CLAIM_WITHOUT_GUITAR, f"{claim['userId']}/{claim['guitarId']}", f"{claim['claimedBy']}")


def _tallies(facts: Facts) -> Iterator[Finding]:
    there = Counter((guitar["userId"], f"{TALLY}{guitar['brand']}") for guitar in facts.guitars)
    owners = facts.owners
    told = {(tally["userId"], tally["guitarId"]): int(tally["guitars"]) for tally in facts.tallies}
    for user_id, tally in sorted(there.keys() | told.keys()):
        subject, counted, said = f"{user_id}/{tally}", there[user_id, tally], told.get((user_id, tally))
        if user_id not in owners:
            if said is not None:
                yield Finding(Kind.TALLY_WITHOUT_OWNER, subject)
        elif (said or 0) != counted:
            yield Finding(Kind.TALLY_WRONG, subject, f"says {said or 0}; there are {counted}")
