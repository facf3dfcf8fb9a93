"""The settings of a learner: one frozen dataclass, and the configurations that are shipped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Annotated, Any, Literal, Self, get_type_hints

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from problems.io.errors import from_validation
from problems.scenario import Count, NonNegative, Positive, Share

Algorithm = Literal["d3pg", "ddpg"]
Networks = Literal["set", "flat"]
Prediction = Literal["x0", "noise"]
Discount = Annotated[float, Field(ge=0, lt=1)]
FORMER_NAMES = {"told": "observes_demand", "scatter": "uniform_share"}
"""Names of fields in files of version 0.1."""


@dataclass(frozen=True)
class Settings:
    """Everything that decides a training but the scenario, its length and the seed.

    Raises ValueError, one line that names the field, its value and what is allowed.
    """

    algorithm: Algorithm = "d3pg"
    """The allocator's actor: a reverse diffusion chain, or a deterministic network (the ablation)."""
    networks: Networks = "set"
    """``set``: one network shared by all users, or all models, beside a pooled context. ``flat``: one long vector."""
    prediction: Prediction = "x0"
    """What the chain's network predicts: the action itself through a tanh, or the noise in it (DDPM)."""
    chain: Count = 2
    """Steps of the reverse chain."""
    width: Count = 64
    """Hidden units a layer, of actor and critic."""
    actor_lr: Positive = 1e-3
    """Adam's learning rate of the actor; falls to a twentieth along half a cosine where ``anneal``."""
    critic_lr: Positive = 2e-3
    """Adam's learning rate of the critic; likewise."""
    anneal: bool = True
    """Whether learning rates and exploration fall in the course of the training."""
    discount: Discount = 0.0
    """Weight of the next slot's value. Slots of a frame do not influence one another, so that 0 loses nothing."""
    polyak: Share = 0.005
    """The share of the way to the trained networks that their targets move at an update."""
    noise: NonNegative = 0.1
    """Standard deviation of exploration, added to actions in [-1, 1] before they are amended."""
    uniform_share: Share = 0.05
    """Share of an action's numbers that are drawn uniformly instead: some choices are far from one another."""
    batch: Count = 256
    """Slots in an update."""
    envs: Count = 64
    """Traces played at once."""
    replay: Count = 50_000
    """Slots in the replay buffer."""
    clip: Positive = 1.0
    """The greatest norm of a gradient."""
    warmup: Share = 0.5
    """Share of the training in which the allocator is trained alone, under random feasible caches."""
    observes_demand: bool = False
    """Whether the caching agent observes the demand's probabilities, as an agent for unknown scenarios must."""
    cache_width: Count = 64
    """Hidden units a layer of the caching network."""
    cache_lr: Positive = 1e-3
    """Adam's learning rate of the caching network; falls likewise."""
    cache_discount: Discount = 0.9
    """Weight of the next frame's value; 0 is taken where loading is free: frames then do not influence one another."""
    cache_batch: Count = 256
    """Frames in an update of the caching network."""
    cache_replay: Count = 20_000
    """Frames in the replay buffer."""
    cache_polyak: Share = 0.01
    """As ``polyak``, for the caching network."""
    epsilon: Share = 1.0
    """Share of random caches at the start."""
    epsilon_end: Share = 0.1
    """Share of random caches from the middle of the nested loops on."""
    updates_a_slot: NonNegative = 1.0
    """Updates of the allocator for each slot that all traces play at once, while it is trained alone."""
    nested_updates_a_slot: NonNegative = 0.25
    """The same in the nested loops, in which the caching agent needs many frames."""
    updates_a_frame: Annotated[int, Field(ge=0)] = 2
    """Updates of the caching network for each frame that all traces play at once."""
    training_slots: Count = 16_384
    """About as many slots are in the training traces."""

    def __post_init__(self) -> None:
        for name, domain in _domains().items():
            try:
                domain.validate_python(getattr(self, name))
            except ValidationError as error:
                raise ValueError(f"{name}{from_validation(error)}") from None

    @property
    def learner(self) -> str:
        """The solver that both timescales of such an agent make together, with its chain where that is unusual."""
        name = "generalist" if self.observes_demand else {"d3pg": "t2drl", "ddpg": "ddqn+ddpg"}[self.algorithm]
        usual = paper() if self.networks == "flat" else fast()
        kind = f"{name}-paper" if self.networks == "flat" else name
        return kind if self.algorithm == "ddpg" or self.chain == usual.chain else f"{kind}, chain {self.chain}"

    def document(self) -> dict[str, Any]:
        """The settings as a JSON object."""
        return asdict(self)

    @classmethod
    def of(cls, document: dict[str, Any]) -> Self:
        """The settings from their JSON object; fields that are not known are ignored. Raises ValueError."""
        known = {field.name for field in fields(cls)}
        named = {FORMER_NAMES.get(key, key): value for key, value in document.items()}
        return cls(**{key: value for key, value in named.items() if key in known})


@cache
def _domains() -> dict[str, TypeAdapter[Any]]:
    """What every field may be: its type, taken strictly, within its bounds."""
    strict = ConfigDict(strict=True, allow_inf_nan=False)
    hints = get_type_hints(Settings, include_extras=True)
    return {field.name: TypeAdapter(hints[field.name], config=strict) for field in fields(Settings)}


def fast(**changes: Any) -> Settings:
    """The strong configuration: set networks, a short chain that predicts the action, no discount between slots."""
    return replace(Settings(), **changes)


def general(**changes: Any) -> Settings:
    """``fast`` for a generalist: it observes the demand, and has the memory that many scenarios need."""
    return replace(fast(observes_demand=True, replay=200_000, cache_replay=80_000, training_slots=65_536), **changes)


def paper(**changes: Any) -> Settings:
    """The paper's configuration as far as it is public; learning rates are those of a later paper of its first author.

    A DDPM chain as the actor, trained by the critic's gradient through the whole chain; flat
    networks of three hidden layers; one critic; target networks; discounted slots.
    """
    faithful = Settings(
        networks="flat",
        prediction="noise",
        chain=5,
        width=256,
        actor_lr=3e-6,
        critic_lr=1e-5,
        anneal=False,
        discount=0.99,
        uniform_share=0.0,
        cache_width=128,
        cache_discount=0.99,
        nested_updates_a_slot=1.0,
    )
    return replace(faithful, **changes)
