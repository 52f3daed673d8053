"""Short Python programs in a program box, for its tests."""

from sandbox.programs import ProgramLimits

LIMITS = ProgramLimits(cpu_ms=2000, memory_mb=64)
SHORT = ProgramLimits(cpu_ms=200, memory_mb=64)


def python(box, program, limits=LIMITS, **how):
    return box.run(["python3", "-c", program], limits, **how)


def said(box, program, limits=LIMITS, **how):
    """What a program prints; it must end well."""
    ran = python(box, program, limits, **how)
    assert ran.verdict is None, ran
    return ran.stdout.decode().strip()
