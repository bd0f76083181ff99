"""`python -m prodiguer` is the command."""

from prodiguer.cli.main import main

main()
