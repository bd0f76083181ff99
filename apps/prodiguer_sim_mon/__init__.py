"""App sim_mon."""

from prodiguer import App

app = App("sim-mon")
