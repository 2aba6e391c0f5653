"""Which organisations, people and groups does the example have? All of them are invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from knutepunkt.directory.vocabulary import Form
from knutepunkt.people.vocabulary import OrganisationKind, Role

#: The days the example plays.
FIRST_GROUPS = dt.date(2023, 9, 1)
LAST_GROUPS = dt.date(2026, 8, 31)


@dataclass(frozen=True)
class ExampleOrganisation:
    """An organisation of the example."""

    slug: str
    name: str
    short_name: str
    kind: OrganisationKind
    language: str = "nb"


@dataclass(frozen=True)
class ExamplePerson:
    """Somebody with an account in the example."""

    email: str
    name: str
    organisation: str
    role: Role
    language: str = "nb"


@dataclass(frozen=True)
class ExampleGroup:
    """A group of the example and what has happened to it: (verb, day) in order."""

    name: str
    theme: str
    form: Form
    members: int
    course: tuple[tuple[str, dt.date], ...]
    municipality: str = "4601"
    address_withheld: bool = False
    split_into: tuple[str, ...] = field(default=())


CENTRE = "sildrehuset"

ORGANISATIONS = (
    ExampleOrganisation(
        CENTRE, "Sildrehuset, senter for selvhjelp og mestring", "Sildrehuset", OrganisationKind.CENTRE
    ),
    ExampleOrganisation(
        "tunstova", "Tunstova Åsheim", "Tunstova", OrganisationKind.CENTRE, "nn"
    ),
    ExampleOrganisation("naustet", "Naustet Vågsund", "Naustet", OrganisationKind.CENTRE),
    ExampleOrganisation("brua", "Brua Østkanten", "Brua", OrganisationKind.CENTRE),
    ExampleOrganisation("knutepunktet", "Knutepunktet (eksempel)", "Knutepunktet", OrganisationKind.HUB),
    ExampleOrganisation(
        "vestmarka",
        "Vestmarka høgskole, Institutt for lokalsamfunn",
        "Vestmarka",
        OrganisationKind.RESEARCH,
    ),
)  # fmt: skip

#: The first is the one who makes the survey and the report, the approver is a board member.
PEOPLE = (
    ExamplePerson("marit@example.org", "Marit Haugland", CENTRE, Role.DIRECTOR),
    ExamplePerson("samir@example.org", "Samir Aziz", CENTRE, Role.COORDINATOR),
    ExamplePerson("bjorn@example.org", "Bjørn Tveiten", CENTRE, Role.APPROVER),
    ExamplePerson("oddny@example.org", "Oddny Fjelde", CENTRE, Role.STARTER),
    ExamplePerson("kare@example.org", "Kåre Myklebust", CENTRE, Role.STARTER),
    ExamplePerson("elin@example.org", "Elin Maria Sara", CENTRE, Role.RESEARCHER),
    ExamplePerson("perolav@example.org", "Per Olav Rønning", "knutepunktet", Role.HUB_OFFICER),
    ExamplePerson("hanne@example.org", "Hanne Lie", CENTRE, Role.EDITOR),
    ExamplePerson("ragnhild@example.org", "Ragnhild Åsheim", "tunstova", Role.DIRECTOR, "nn"),
)
OPERATOR = ExamplePerson("drift@example.org", "Torill Ness", "knutepunktet", Role.OPERATOR)


def _day(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, day)


GROUPS = (
    ExampleGroup("Mandagsgruppa", "open", Form.IN_PERSON, 8, (("start", _day(2023, 2, 6)),)),
    ExampleGroup("Tirsdagsgruppa", "open", Form.IN_PERSON, 7, (("start", _day(2024, 1, 16)),)),
    ExampleGroup(
        "Onsdagsgruppa",
        "open",
        Form.IN_PERSON,
        6,
        (
            ("start", _day(2023, 10, 4)),
            ("pause", _day(2025, 6, 11)),
            ("restart", _day(2025, 8, 27)),
        ),
    ),
    ExampleGroup("Formiddagsgruppa", "open", Form.IN_PERSON, 8, (("start", _day(2024, 9, 12)),)),
    ExampleGroup(
        "Unge voksne",
        "young-adults",
        Form.IN_PERSON,
        7,
        (("start", _day(2024, 2, 8)), ("split", _day(2025, 2, 13))),
        split_into=("Unge voksne A", "Unge voksne B"),
    ),
    ExampleGroup("Nettgruppa", "open", Form.ONLINE, 6, (("start", _day(2024, 4, 17)),)),
    ExampleGroup(
        "Mannsgruppa",
        "men",
        Form.IN_PERSON,
        5,
        (("start", _day(2024, 3, 5)), ("end", _day(2025, 5, 6))),
    ),
    ExampleGroup("Angst og uro", "anxiety", Form.IN_PERSON, 8, (("start", _day(2023, 11, 9)),)),
    ExampleGroup(
        "Depresjon og tunge tider",
        "depression",
        Form.IN_PERSON,
        6,
        (("start", _day(2023, 9, 20)), ("end", _day(2024, 11, 27)), ("restart", _day(2025, 3, 12))),
    ),
    ExampleGroup(
        "Sorg etter dødsfall",
        "grief",
        Form.IN_PERSON,
        7,
        (("start", _day(2025, 1, 14)), ("end", _day(2025, 6, 17))),
    ),
    ExampleGroup(
        "Etterlatte etter selvmord",
        "suicide-bereaved",
        Form.MIXED,
        5,
        (("start", _day(2024, 10, 3)),),
        address_withheld=True,
    ),
    ExampleGroup("Samlivsbrudd", "break-up", Form.IN_PERSON, 7, (("start", _day(2025, 2, 19)),)),
    ExampleGroup("Ensomhet", "loneliness", Form.IN_PERSON, 8, (("start", _day(2024, 5, 2)),)),
    ExampleGroup(
        "Utmattelse og langvarig sykdom",
        "fatigue",
        Form.ONLINE,
        6,
        (("start", _day(2024, 8, 28)), ("pause", _day(2026, 2, 4))),
    ),
    ExampleGroup(
        "Langvarige smerter",
        "pain",
        Form.IN_PERSON,
        6,
        (("start", _day(2025, 9, 9)), ("end", _day(2025, 10, 7))),
    ),
    ExampleGroup(
        "Pårørende ved rusproblemer",
        "addiction-relatives",
        Form.IN_PERSON,
        8,
        (("start", _day(2023, 10, 19)),),
    ),
    ExampleGroup(
        "Pårørende ved psykisk sykdom",
        "mental-illness-relatives",
        Form.MIXED,
        7,
        (("start", _day(2024, 11, 6)),),
    ),
    ExampleGroup(
        "Senfølger av overgrep",
        "abuse",
        Form.IN_PERSON,
        5,
        (("start", _day(2025, 3, 26)),),
        address_withheld=True,
    ),
)

#: What some write in their own words; harmless, and never shown by a report without a coding.
