"""What the doctor may find."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The kinds, in the order in which they are mended."""

    DEAD_LETTER = "dead-letter"
    USER_WITHOUT_PROFILE = "user-without-profile"
    PROFILE_WITHOUT_USER = "profile-without-user"
    GUITAR_WITHOUT_OWNER = "guitar-without-owner"
    OBJECT_WITHOUT_GUITAR = "object-without-guitar"
    CLAIM_WITHOUT_GUITAR = "claim-without-guitar"
    TALLY_WITHOUT_OWNER = "tally-without-owner"
    TALLY_WRONG = "tally-wrong"
    ATTACHED_OBJECT_EXPIRES = "attached-object-expires"
    GUITAR_WITHOUT_OBJECT = "guitar-without-object"
    PENDING_OBJECT_NEAR_EXPIRY = "pending-object-near-expiry"


# What `--mend` does about it; nothing where that would be a guess.
MENDS = {
    Kind.DEAD_LETTER: "its records are delivered again",
    Kind.USER_WITHOUT_PROFILE: "the profile is made",
    Kind.PROFILE_WITHOUT_USER: "the profile is deleted, and the collection after it",
    Kind.GUITAR_WITHOUT_OWNER: "the guitar is deleted, and its objects after it",
    Kind.OBJECT_WITHOUT_GUITAR: "all its versions are deleted",
    Kind.CLAIM_WITHOUT_GUITAR: "the claim is deleted",
    Kind.TALLY_WITHOUT_OWNER: "the tally is deleted",
    Kind.TALLY_WRONG: "the guitars of the brand are counted",
    Kind.ATTACHED_OBJECT_EXPIRES: "its mark is taken away",
    Kind.GUITAR_WITHOUT_OBJECT: "",
    Kind.PENDING_OBJECT_NEAR_EXPIRY: "",
}
# What is told and is no fault: a profile is made when it is first read, what nobody attaches expires.
NOTICES = frozenset({Kind.USER_WITHOUT_PROFILE, Kind.PENDING_OBJECT_NEAR_EXPIRY})


@dataclass(frozen=True)
class Finding:
    """`subject` names what was found: a key, an id, or two with a slash between; `detail` says more about it."""

    kind: Kind
    subject: str
    detail: str = ""

    @property
    def is_problem(self) -> bool:
        """Whether something is wrong."""
        return self.kind not in NOTICES

    def to_json(self) -> dict[str, Any]:
        """As the control plane tells it."""
        return {
            "kind": self.kind,
            "subject": self.subject,
            "detail": self.detail,
            "isProblem": self.is_problem,
            "mend": MENDS[self.kind],
        }
