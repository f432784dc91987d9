"""Who appears in the demo workspace: Marlow, who sell reporting software to finance teams, and their customers."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    first_name: str
    last_name: str
    title: str
    seniority: str = "user"
    timezone: str = "Europe/Berlin"
    has_email: bool = True


@dataclass(frozen=True, slots=True)
class Customer:
    """A company; `months` is how long it has been a customer, `arr` what it pays a year in dollars."""

    key: str
    name: str
    domain: str
    industry: str
    country: str
    plan: str
    arr: int
    seats: int
    months: int
    usage: int
    owner: str
    acquired_via: str
    people: tuple[Person, ...]
    publicity: str = "allowed"
    trial: bool = False
    churned_days_ago: int | None = None
    renewal_in_days: int | None = None
    outcome: tuple[str, str, str, str, str] | None = field(default=None)


TEAM = {
    "alex": ("Alex Rivera", "alex@marlow.example", "owner", "Head of Customer Success"),
    "sofia": ("Sofia Bell", "sofia@marlow.example", "manager", "Customer Success Manager"),
    "ben": ("Ben Okoro", "ben@marlow.example", "sales", "Account Executive"),
    "mira": ("Mira Tan", "mira@marlow.example", "finance", "Finance Lead"),
}

# metric, baseline, now, old challenge, summary
_CLOSE = (
    "days to close the month",
    "5 days",
    "2 days",
    "closing the month in five days",
    "close the month in two days",
)
_REPORTS = (
    "hours of reporting",
    "40 h",
    "24 h",
    "40 hours of reporting a month",
    "cut reporting time by 40 %",
)
_AUDIT = ("audit findings", "11", "2", "eleven findings at every audit", "went from eleven audit findings to two")

CUSTOMERS = (
    Customer(
        "halden",
        "Halden Freight",
        "halden.example",
        "Logistics",
        "GB",
        "Group",
        96_000,
        60,
        56,
        94,
        "alex",
        "referral",
        (
            Person("priya", "Priya", "Raman", "Finance Operations Manager", "admin", "Europe/London"),
            Person("george", "George", "Whitlock", "Controller", "user", "Europe/London"),
        ),
        renewal_in_days=74,
        outcome=_AUDIT,
    ),
    Customer(
        "acme",
        "Acme Logistics",
        "acme-logistics.example",
        "Logistics",
        "DE",
        "Team",
        42_000,
        24,
        22,
        88,
        "alex",
        "event",
        (
            Person("jamie", "Jamie", "Okafor", "Head of Finance Operations"),
            Person("lena", "Lena", "Brandt", "Accountant"),
            Person("felix", "Felix", "Adler", "IT Administrator", "admin"),
        ),
        outcome=_REPORTS,
    ),
    Customer(
        "osterberg",
        "Osterberg",
        "osterberg.example",
        "Manufacturing",
        "SE",
        "Group",
        78_000,
        45,
        31,
        79,
        "alex",
        "outbound",
        (
            Person("marta", "Marta", "Lindqvist", "Chief Financial Officer", "executive", "Europe/Stockholm"),
            Person("nils", "Nils", "Berg", "Controller", "user", "Europe/Stockholm"),
        ),
        outcome=_CLOSE,
    ),
    Customer(
        "calla",
        "Calla Health",
        "calla.example",
        "Healthcare",
        "ES",
        "Team",
        30_000,
        18,
        5,
        71,
        "sofia",
        "organic",
        (Person("tomas", "Tomás", "Herrera", "Finance Manager", "admin", "Europe/Madrid"),),
    ),
    Customer(
        "brightwater",
        "Brightwater Energy",
        "brightwater.example",
        "Energy",
        "NL",
        "Group",
        64_000,
        38,
        40,
        83,
        "sofia",
        "partner",
        (
            Person("robert", "Robert", "Hale", "Finance Director", "user", "Europe/Amsterdam", has_email=False),
            Person("daniel", "Daniel", "Osei", "Head of Controlling", "admin", "Europe/Amsterdam"),
        ),
        outcome=_REPORTS,
    ),
    Customer(
        "tarn",
        "Tarn & Co",
        "tarn.example",
        "Consulting",
        "GB",
        "Team",
        48_000,
        20,
        1,
        52,
        "sofia",
        "referral",
        # Owen Castell comes into the house with the story.
        (),
    ),
    Customer(
        "lumen",
        "Lumen Foods",
        "lumen.example",
        "Food",
        "US",
        "Team",
        36_000,
        22,
        26,
        66,
        "sofia",
        "advertising",
        (
            Person("grace", "Grace", "Abara", "Controller", "admin", "America/Chicago"),
            Person("hector", "Hector", "Silva", "Accountant", "user", "America/Chicago"),
        ),
        outcome=_CLOSE,
    ),
    Customer(
        "pike",
        "Pike & Rowe",
        "pikerowe.example",
        "Retail",
        "GB",
        "Starter",
        12_000,
        8,
        14,
        35,
        "sofia",
        "advertising",
        (Person("lukas", "Lukas", "Brandt", "Accounting Lead", "admin", "Europe/London"),),
        renewal_in_days=32,
    ),
    Customer(
        "quarry",
        "Quarry Hill",
        "quarryhill.example",
        "Construction",
        "IE",
        "Team",
        28_000,
        15,
        19,
        61,
        "alex",
        "event",
        (Person("aoife", "Aoife", "Byrne", "Finance Manager", "admin", "Europe/Dublin"),),
        publicity="anonymous",
        outcome=_REPORTS,
    ),
    Customer(
        "sable",
        "Sable Robotics",
        "sable.example",
        "Manufacturing",
        "DE",
        "Team",
        33_000,
        19,
        9,
        74,
        "alex",
        "organic",
        (
            Person("yuki", "Yuki", "Tanaka", "Head of Finance", "admin"),
            Person("ines", "", "Duarte", "Head of Reporting"),
        ),
        publicity="unknown",
    ),
    Customer(
        "verity",
        "Verity Labs",
        "verity.example",
        "Biotech",
        "CH",
        "Trial",
        0,
        5,
        1,
        40,
        "sofia",
        "organic",
        (Person("anouk", "Anouk", "Meier", "Operations Manager", "user", "Europe/Zurich"),),
        trial=True,
    ),
    Customer(
        "norrland",
        "Norrland Timber",
        "norrland.example",
        "Manufacturing",
        "SE",
        "Starter",
        0,
        6,
        30,
        12,
        "alex",
        "outbound",
        (Person("karin", "Karin", "Ek", "Controller", "user", "Europe/Stockholm"),),
        churned_days_ago=95,
    ),
)

# Who answered what, in days before today: key, metric, score, comment.
OLD_ANSWERS = (
    (540, "priya", "nps", 8, "Good, though the import takes patience."),
    (520, "george", "nps", 7, ""),
    (430, "marta", "nps", 9, "Month-end is a normal Tuesday now."),
    (410, "daniel", "nps", 9, "My team stopped keeping shadow spreadsheets."),
    (380, "jamie", "nps", 8, "Reports are clear. Exports could be faster."),
    (365, "karin", "nps", 9, "Does what it says."),
    (340, "grace", "nps", 10, "I sleep on the last day of the month."),
    (300, "priya", "nps", 9, "The auditors asked what we changed."),
    (280, "aoife", "nps", 9, "Two people fewer on reporting, and better reports."),
    (260, "nils", "nps", 6, "Too many clicks for a simple journal."),
    (240, "lukas", "nps", 6, "Support took a week."),
    (210, "hector", "csat", 5, "Solved in one call."),
    (190, "yuki", "oes", 7, "We were live in nine days."),
    (170, "felix", "csat", 4, ""),
    (150, "george", "nps", 8, "Better every quarter."),
    (130, "karin", "nps", 4, "We did not get the data we needed."),
    (120, "nils", "nps", 8, "The new journal is what I asked for."),
    (110, "grace", "nps", 9, "Still the best thing we bought in years."),
    (100, "lena", "nps", 7, ""),
    (90, "daniel", "csat", 5, "Quick and friendly."),
    (60, "aoife", "nps", 10, "Our board asked for the same report in every division."),
    (45, "yuki", "nps", 9, "Our investors like the monthly pack."),
    (30, "anouk", "nps", 9, "Promising first weeks."),
    (14, "hector", "nps", 9, "It simply works."),
)
