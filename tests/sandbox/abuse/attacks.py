"""The table of attacks on a program box: what each one must come to, and what must not be true.

A verdict is what the program box says of the run (None: it ended by itself, in order). Where more
than one is right, because two limits are reached at about the same moment, all of them are named.
"""

from typing import NamedTuple

from sandbox.programs import ProgramLimits
from sandbox.verdict import Verdict

TLE, ILE, MLE, OLE = Verdict.TLE, Verdict.ILE, Verdict.MLE, Verdict.OLE
RTE, SIG, WELL = Verdict.RTE, Verdict.SIG, None

# A bomb is stopped by these; an attack that only tries gets time enough to try everything.
BOMB = ProgramLimits(cpu_ms=300, wall_ms=15_000, memory_mb=64)  # slow where it is crowded
TRIES = ProgramLimits(cpu_ms=4000, memory_mb=64)
IDLE = ProgramLimits(cpu_ms=50, memory_mb=64)


class Attack(NamedTuple):
    """A program below this folder, by name; its ending says the language."""

    program: str
    verdicts: tuple[Verdict | None, ...]
    must_not: str
    limits: ProgramLimits = TRIES
    remembered: bool = False  # by the kernel, in memory that it may drop while the next one runs

    @property
    def name(self) -> str:
        return self.program.removesuffix(".py")


ATTACKS = (
    # --- more and more processes ------------------------------------------------------------------
    Attack("processes/fork_bomb.py", (TLE, MLE), "anyone is left, or the agent cannot go on", BOMB),
    Attack("processes/fork_bomb_in_sessions.py", (WELL, TLE, MLE), "anyone is left", BOMB),
    Attack("processes/hopper.py", (WELL,), "the chain goes on after the run", BOMB),
    Attack("processes/thread_bomb.py", (TLE, MLE), "the agent cannot go on", BOMB),
    Attack("processes/zombies.py", (WELL,), "the dead are still there"),
    Attack("processes/adopted_by_the_agent.py", (WELL,), "the agent takes one for the program"),
    Attack("processes/huge_argv.py", (WELL, MLE), "the agent reads a command line", TRIES),
    Attack("processes/spread_over_cores.py", (TLE,), "only the first one's time counts", BOMB),
    # --- more and more memory ---------------------------------------------------------------------
    Attack("memory/malloc.py", (MLE,), "memory beyond the limit"),
    Attack("memory/shared_mapping.py", (MLE,), "shared memory counts for nobody"),
    Attack("memory/many_children.py", (MLE,), "only the largest child counts"),
    Attack(
        "memory/work_folder.py",
        (MLE,),
        "files in memory count for nobody",
        ProgramLimits(cpu_ms=4000, memory_mb=16),
    ),
    Attack("memory/nameless_file.py", (MLE,), "a file without a folder counts for nobody"),
    Attack(
        "memory/agent_first.py", (MLE,), "the agent is killed in its stead, and it is our fault"
    ),
    Attack("memory/hidden_in_the_cache.py", (MLE,), "the cache is taken off what was used"),
    Attack("memory/stack.py", (WELL, MLE, SIG, RTE), "a stack without end"),
    Attack("memory/pipes.py", (WELL, MLE, RTE), "the kernel's memory stays full"),
    Attack("memory/in_flight.py", (WELL, MLE), "files that are on their way stay for ever"),
    Attack("memory/page_tables.py", (MLE,), "tables count for nobody"),
    Attack(
        "memory/names_that_are_not_there.py",
        (WELL, MLE),
        "remembered names stay in the way",
        remembered=True,
    ),
    Attack(
        "disc/fill.py",
        (WELL,),
        "more than the folder holds, or it stays full",
        ProgramLimits(cpu_ms=4000, memory_mb=128),
    ),
    Attack("disc/inodes.py", (WELL,), "files that cost the kernel its memory"),
    Attack("disc/deep.py", (WELL,), "a folder that cannot be removed"),
    Attack("disc/sparse.py", (WELL,), "the host takes out what is not there"),
    Attack("disc/locked_away.py", (WELL,), "a file that cannot be found or removed"),
    Attack("disc/links.py", (WELL,), "the host follows a link out of the box"),
    Attack("disc/hard_links.py", (WELL,), "a second name that only root could remove"),
    Attack("disc/nameless.py", (WELL,), "the folder stays full"),
    Attack("disc/logs.py", (WELL,), "a line in a log of the host's"),
    # --- output -----------------------------------------------------------------------------------
    Attack("output/stdout.py", (OLE,), "the worker keeps it all"),
    Attack("output/stderr.py", (OLE,), "complaints are not counted"),
    Attack("output/both.py", (OLE,), "each stream has a limit of its own"),
    Attack("output/not_text.py", (WELL,), "a byte is changed or lost"),
    Attack(
        "output/byte_by_byte.py", (TLE, OLE, ILE), "the agent has no time for anything else", BOMB
    ),
    Attack("output/handed_on.py", (WELL, OLE), "somebody goes on talking", BOMB),
    Attack("output/no_streams.py", (TLE,), "a program without streams is forgotten", BOMB),
    # --- time -------------------------------------------------------------------------------------
    Attack("time/sleep.py", (ILE,), "it sleeps for ever", IDLE),
    Attack("time/stop_itself.py", (ILE,), "who is stopped cannot be ended", IDLE),
    Attack("time/stop_everybody.py", (ILE,), "who is stopped cannot be ended", IDLE),
    Attack("time/deaf.py", (TLE,), "who hears no signal cannot be ended", BOMB),
    Attack("time/wait_for_nothing.py", (ILE,), "it waits for ever", IDLE),
    Attack("time/short_lives.py", (TLE,), "only the living count", BOMB),
    # --- leaving ----------------------------------------------------------------------------------
    Attack("leaving/daemon.py", (WELL,), "it outlives the test"),
    Attack("leaving/writer.py", (WELL,), "the next test finds its files"),
    Attack("leaving/subreaper.py", (WELL,), "orphans stay with another than the agent"),
    Attack("leaving/group.py", (SIG,), "the agent goes with the group"),
    # --- the agent --------------------------------------------------------------------------------
    Attack("agent/kill.py", (WELL,), "a signal reaches the agent"),
    Attack("agent/kill_in_the_gap.py", (WELL, TLE), "a signal reaches it while it kills", BOMB),
    Attack("agent/trace.py", (WELL,), "the agent's memory is read or written"),
    Attack("agent/read.py", (WELL,), "the agent's files, pipes or memory are seen"),
    Attack("agent/forge_on_every_descriptor.py", (WELL,), "the host hears it for the agent"),
    Attack("agent/pipes_of_the_box.py", (WELL,), "the pipes to the host can be found"),
    Attack("agent/stdin.py", (WELL,), "the input is changed or kept"),
    Attack("agent/replace.py", (WELL,), "the agent's or the interpreter's files are changed"),
    Attack("agent/limits.py", (WELL,), "a limit is raised"),
    # --- secrets ----------------------------------------------------------------------------------
    Attack("secrets/needle.py", (WELL,), "something of the host or another submission is found"),
    Attack("secrets/neighbours.py", (WELL,), "other processes or submissions are seen"),
    Attack("secrets/host_files.py", (WELL,), "a file of the host's is read"),
    Attack("secrets/proc_writes.py", (WELL,), "a knob of the host's kernel is turned"),
    Attack("secrets/environment.py", (WELL,), "it is told more than it must know"),
    # --- the next test ----------------------------------------------------------------------------
    Attack("next/plant.py", (WELL,), "the next program loads what it left"),
    Attack("next/replace.py", (WELL,), "what was put is changed"),
    Attack("next/locks.py", (WELL,), "the next one waits for a lock"),
    Attack("next/shared_memory.py", (WELL,), "something outlives its processes"),
    # --- network ----------------------------------------------------------------------------------
    Attack("network/families.py", (WELL,), "a socket is opened"),
    Attack("network/out.py", (WELL,), "a name is resolved or an address answers"),
    Attack("network/pair.py", (WELL,), "a pair reaches somebody else"),
    # --- the kernel -------------------------------------------------------------------------------
    Attack("kernel/namespaces.py", (WELL,), "it is root in a world of its own"),
    Attack("kernel/mounts.py", (WELL,), "something is mounted"),
    Attack("kernel/devices.py", (WELL,), "a device or all of the host's terminals"),
    Attack("kernel/rights.py", (WELL,), "it has another's rights"),
    Attack("kernel/doors.py", (WELL,), "the kernel looks at what is asked"),
    Attack("kernel/clock_and_order.py", (WELL,), "the host's clock, name or order is changed"),
    Attack("kernel/other_abi.py", (WELL,), "another numbering passes the list of calls"),
    Attack("kernel/core_dump.py", (SIG,), "a core is written, or a program of the host's runs"),
    Attack("kernel/own_filter.py", (WELL,), "its own filter hinders the agent", BOMB),
)
