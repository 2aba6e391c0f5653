"""Which states can a thing be in, and which steps lead from one to the next?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from knutepunkt.shared.errors import NotNow


@dataclass(frozen=True)
class Step:
    """One allowed step: the verb, the states it starts from, the state it leads to."""

    verb: str
    sources: tuple[str, ...]
    target: str
    sentence: str | Promise


@dataclass(frozen=True)
class Lifecycle:
    """A table of states (code name to words) and steps; rooms keep theirs in ``lifecycle.py``."""

    name: str
    initial: str
    states: Mapping[str, str | Promise]
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        known = set(self.states)
        for step in self.steps:
            unknown = ({step.target} | set(step.sources)) - known
            if unknown:
                raise ValueError(f"{self.name}.{step.verb} names unknown states: {sorted(unknown)}")
        if self.initial not in known:
            raise ValueError(f"{self.name} starts in an unknown state: {self.initial}")

    def step(self, verb: str) -> Step:
        """Return the step with this verb."""
        for step in self.steps:
            if step.verb == verb:
                return step
        raise KeyError(f"{self.name} has no step {verb!r}")

    def can(self, state: str, verb: str) -> bool:
        """Say whether the verb may be done from this state."""
        return state in self.step(verb).sources

    def after(self, state: str, verb: str) -> str:
        """Return the state the verb leads to; raise ``NotNow`` with the step's sentence."""
        step = self.step(verb)
        if state not in step.sources:
            raise NotNow(step.sentence)
        return step.target

    def choices(self) -> list[tuple[str, str | Promise]]:
        """Return the states as choices of a model field."""
        return list(self.states.items())

    def diagram(self) -> str:
        """Return the lifecycle as a Mermaid state diagram, for the documentation."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [
            f"    {source} --> {step.target}: {step.verb}"
            for step in self.steps
            for source in step.sources
        ]
        sources = {source for step in self.steps for source in step.sources}
        lines += [f"    {state} --> [*]" for state in self.states if state not in sources]
        return "\n".join(lines)
