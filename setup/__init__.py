"""What `make` does: sets the machine up, starts and stops Podium, runs its tests.

Standard library only, because it runs before anything is installed.
"""
