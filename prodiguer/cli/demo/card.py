"""The config card of a simulated run: the file by which libIGCM configures a real one."""

from __future__ import annotations

from prodiguer.cli.demo.places import Identity

_RULE = "#" + "=" * 72
_HEAD = """\
#
# This is config.card file for {model} configuration
#
{rule}
#D-- Compatibility -
[Compatibility]
libIGCM=1.0
{rule}
#D-- UserChoices -
[UserChoices]
#============================
JobName={name}
#----- Short Name of Experiment
ExperimentName={experiment}
#----- DEVT TEST PROD
SpaceName={space}
LongName="{title}"
TagName={model}
#D- Choice of experiment in EXPERIMENTS directory
ExpType={model}/{experiment}
#============================
#-- leap, noleap, 360d
CalendarType={calendar}
#-- Experiment dates : Beginning and ending
#-- "YYYY-MM-DD"
DateBegin={first}
DateEnd={last}
#============================
#-- 1Y, 1M, 5D, 1D Period Length of one trunk of simulation
PeriodLength={length}
#============================
#-- Total Number of Processors
JobNumProcTot={processors}
{rule}
#D-- ListOfComponents -
[ListOfComponents]
#D- For each component, Name of component, Tag of component
{components}
{rule}
#D-- Restarts -
[Restarts]
#D- If you want a GENERAL RULE FOR RESTARTS, put this flag to 'y'
OverRule=y
#D- Last day of the experience used as restart for all components
RestartDate={restart}
#D- Define restart simulation name for all components
RestartJobName={short}-spinup
#D- Path Server Group Login
RestartPath=${{ARCHIVE}}/IGCM_OUT/{model}/PROD/spinup
"""
_COMPONENT = """\
{rule}
#D-- {code} -
[{code}]
#
WriteFrequency="1M{daily}"
# If config_Restarts_OverRule == 'n' next 4 params are read
Restart= n
# Last day of the experience used as restart for this component if Restart=y
RestartDate={restart}
# Define restart simulation name for this component
RestartJobName={short}-spinup
RestartPath=${{ARCHIVE}}/IGCM_OUT/{model}/PROD/spinup
# Old component name for restart (if empty, use new name)
OldName=
"""
_POST = """\
{rule}
#D-- Post -
[Post]
#D- frequency of rebuild submission, of packs, of time series and of seasonal averages
RebuildFrequency={length}
PackFrequency=10Y
TimeSeriesFrequency=10Y
SeasonalFrequency=10Y
SeasonalFrequencyOffset=0
{rule}
"""


def card(who: Identity, first: str, last: str, length: str) -> str:
    """The text of the card.

    Args:
        who: the run.
        first: day of the simulation, ``YYYY-MM-DD``.
        last: its last day.
        length: of a period, such as ``1Y`` or ``3M``.
    """
    words = {
        "rule": _RULE,
        "model": who.model.name,
        "short": who.model.short,
        "title": who.model.title,
        "name": who.name,
        "experiment": who.experiment,
        "space": who.space,
        "calendar": who.model.calendar,
        "processors": who.model.processors,
        "first": first,
        "last": last,
        "length": length,
        "restart": f"{int(first[:4]) - 1:04d}-12-30",
        "components": "\n".join(
            f"{code}= ({program}, {who.model.name})" for code, program in who.model.components
        ),
    }
    parts = [
        _COMPONENT.format(**words, code=code, daily=" 1D" if code in ("ATM", "SRF") else "")
        for code, _ in who.model.components
    ]
    return _HEAD.format(**words) + "".join(parts) + _POST.format(**words)
