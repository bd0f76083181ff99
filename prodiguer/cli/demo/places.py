"""The world of the demonstration: centres, machines, people, and what they calculate."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

#: How a run reaches the platform: the Python client by mail or HTTP, or the hook of job scripts.
MAIL: Final = "mail"
HTTP: Final = "http"
HOOK: Final = "hook"


@dataclass(frozen=True, slots=True)
class Machine:
    """A supercomputer as its users know it."""

    centre: str
    name: str
    way: str
    #: Directories: where jobs are submitted and run, and where results are kept; with ``{login}``.
    work: str
    store: str


@dataclass(frozen=True, slots=True)
class Model:
    """A configuration of the climate model."""

    name: str
    short: str
    title: str
    #: In the order of the card: what each is, the program, and its part of the atmosphere or ocean.
    components: tuple[tuple[str, str], ...]
    calendar: str
    experiments: tuple[str, ...]
    processors: int


MACHINES = (
    Machine("TGCC", "irene", MAIL, "/ccc/work/cont003/{project}/{login}",
            "/ccc/store/cont003/{project}/{login}"),
    Machine("IDRIS", "jean-zay", MAIL, "/gpfswork/rech/{project}/{login}",
            "/gpfsstore/rech/{project}/{login}"),
    Machine("TGCC", "curie", MAIL, "/ccc/work/cont003/{project}/{login}",
            "/ccc/store/cont003/{project}/{login}"),
    Machine("IPSL", "spirit", HTTP, "/homedata/{login}", "/bdd/{project}/{login}"),
    Machine("IDRIS", "ada", MAIL, "/workgpfs/rech/{project}/{login}",
            "/arch/home/rech/{project}/{login}"),
)  # fmt: skip
#: The jobs of this machine source prodiguer.ksh.
HOOKED = Machine("TGCC", "irene", HOOK, MACHINES[0].work, MACHINES[0].store)

MODELS = (
    Model("IPSL-CM6A-LR", "CM61-LR", "IPSLCM6.1 coupled, 144x142x79 and eORCA1.2",
          (("ATM", "lmdz"), ("SRF", "orchidee"), ("SBG", "stomate"), ("OCE", "opa9"),
           ("ICE", "lim3"), ("MBG", "pisces"), ("CPL", "oasis")), "leap",
          ("piControl", "historical", "abrupt-4xCO2", "1pctCO2", "ssp245", "ssp585"), 930),
    Model("LMDZOR", "LMDZOR", "Atmosphere and land surfaces under observed oceans",
          (("ATM", "lmdz"), ("SRF", "orchidee"), ("SBG", "stomate")), "leap",
          ("amip", "amip-hist", "amip-p4K", "land-hist"), 71),
    Model("NEMO-PISCES", "ORCA1", "Ocean, ice and marine biogeochemistry under JRA-55",
          (("OCE", "opa9"), ("ICE", "lim3"), ("MBG", "pisces")), "noleap",
          ("omip1", "omip2", "omip1-spunup"), 283),
    Model("IPSL-CM5A2", "CM5A2", "The coupled model of long palaeoclimates",
          (("ATM", "lmdz"), ("SRF", "orchidee"), ("OCE", "opa9"), ("ICE", "lim2"),
           ("CPL", "oasis")), "noleap",
          ("midHolocene", "lgm", "lig127k", "deglaciation"), 302),
    Model("LMDZ-AQUA", "AQUA", "A planet without continents",
          (("ATM", "lmdz"),), "360d", ("aqua-control", "aqua-4xCO2", "aqua-p4K"), 36),
    Model("ORCHIDEE-OL", "OL3", "Land surfaces alone under CRU-JRA",
          (("SRF", "sechiba"), ("SBG", "stomate"), ("OOL", "orchidee_ol")), "noleap",
          ("S0", "S2", "S3", "hist-noLu"), 40),
)  # fmt: skip
SPACES = ("PROD", "PROD", "PROD", "DEVT", "TEST")
PROJECTS = ("gencmip6", "gen2212", "devcmip6", "gen0826", "omr")
#: When experiments begin whose names begin so; the others in 1850.
YEARS = {"amip": 1979, "ssp": 2015, "omip": 1958, "S": 1901}
LOGINS = ("amartin", "bdurand", "clegoff", "dnguyen", "erossi", "fkone", "gsilva")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a run is: the words by which its tries are known as one."""

    machine: Machine
    model: Model
    experiment: str
    space: str
    project: str
    login: str
    name: str
    #: The first year that it simulates.
    year: int

    @property
    def work(self) -> str:
        """Where its jobs are submitted."""
        return self.machine.work.format(project=self.project, login=self.login)

    @property
    def store(self) -> str:
        """Where its results are kept."""
        return self.machine.store.format(project=self.project, login=self.login)


def somebody(chance: random.Random, number: int, mark: str, machine: Machine | None) -> Identity:
    """A new identity.

    Args:
        chance: decides.
        number: of the run in the demonstration, from 0.
        mark: ends the name, so that another demonstration's run is another one.
        machine: where it runs; any by default.
    """
    model = MODELS[number % len(MODELS)] if number < len(MODELS) else chance.choice(MODELS)
    experiment = chance.choice(model.experiments)
    return Identity(
        machine=machine or MACHINES[(number + number // 3) % len(MACHINES)],
        model=model,
        experiment=experiment,
        space=chance.choice(SPACES),
        project=chance.choice(PROJECTS),
        login=chance.choice(LOGINS),
        name=f"{model.short}-{experiment}-{number + 1:02d}{mark}",
        year=next((year for word, year in YEARS.items() if experiment.startswith(word)), 1850),
    )
