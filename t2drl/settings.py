"""What a learner can be told: one frozen dataclass, and the two configurations that are shipped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, Self, get_args

Algorithm = Literal["d3pg", "ddpg"]
Networks = Literal["set", "flat"]
Prediction = Literal["x0", "noise"]


@dataclass(frozen=True)
class Settings:
    """Everything that decides a training but the scenario and the seed."""

    algorithm: Algorithm = "d3pg"
    """The allocator's actor: a reverse diffusion chain, or a deterministic network (the ablation)."""
    networks: Networks = "set"
    """``set``: one network shared by all users, or all models, beside a pooled context. ``flat``: one long vector."""
    prediction: Prediction = "x0"
    """What the chain's network predicts: the action itself through a tanh, or the noise in it (DDPM)."""
    chain: int = 2
    """Steps of the reverse chain; at least 1."""
    width: int = 64
    """Hidden units a layer, of actor and critic."""
    actor_lr: float = 1e-3
    """Adam's learning rate of the actor; falls to a twentieth along half a cosine where ``anneal``."""
    critic_lr: float = 2e-3
    """Adam's learning rate of the critic; likewise."""
    anneal: bool = True
    """Whether learning rates and exploration fall in the course of the training."""
    discount: float = 0.0
    """Of the next slot's reward. Slots of a frame do not influence one another, so that 0 loses nothing."""
    polyak: float = 0.005
    """The share by which target and averaged networks follow the trained ones at an update."""
    noise: float = 0.1
    """Standard deviation of exploration, added to actions in [-1, 1] before they are amended."""
    scatter: float = 0.05
    """Share of an action's numbers that are drawn anew, uniformly, instead: some choices are far from one another."""
    batch: int = 256
    """Slots in an update."""
    envs: int = 64
    """Traces played at once."""
    replay: int = 50_000
    """Slots remembered."""
    clip: float = 1.0
    """The greatest norm of a gradient."""
    warmup: float = 0.5
    """Share of the training in which the allocator is trained alone, under random feasible caches."""
    told: bool = False
    """Whether the caching agent sees the demand's probabilities, as an agent for unknown scenarios must."""
    cache_width: int = 64
    """Hidden units a layer of the caching network."""
    cache_lr: float = 1e-3
    """Adam's learning rate of the caching network; falls likewise."""
    cache_discount: float = 0.9
    """Of the next frame's reward; 0 is taken where loading is free, since frames then do not influence one another."""
    cache_batch: int = 256
    """Frames in an update of the caching network."""
    cache_replay: int = 20_000
    """Frames remembered."""
    cache_polyak: float = 0.01
    """As ``polyak``, for the caching network."""
    epsilon: float = 1.0
    """Share of random caches at the start."""
    epsilon_end: float = 0.1
    """Share of random caches from the middle of the nested loops on."""
    updates_a_slot: float = 1.0
    """Updates of the allocator for each slot that all traces play at once, while it is trained alone."""
    nested_updates_a_slot: float = 0.25
    """The same in the nested loops, in which the caching agent needs many frames."""
    updates_a_frame: int = 2
    """Updates of the caching network for each frame that all traces play at once."""
    training_slots: int = 16_384
    """About as many slots are in the training traces."""

    def __post_init__(self) -> None:
        for name, allowed in (("algorithm", Algorithm), ("networks", Networks), ("prediction", Prediction)):
            if getattr(self, name) not in get_args(allowed):
                raise ValueError(f"{name}: {getattr(self, name)!r}; must be one of {', '.join(get_args(allowed))}")
        for name in ("chain", "width", "batch", "envs", "replay", "cache_width", "cache_batch", "cache_replay"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: {getattr(self, name)}; must be >= 1")

    @property
    def learner(self) -> str:
        """The solver that both timescales of such an agent make together, with its chain where that is unusual."""
        name = "generalist" if self.told else {"d3pg": "t2drl", "ddpg": "ddqn+ddpg"}[self.algorithm]
        usual = paper() if self.networks == "flat" else fast()
        kind = f"{name}-paper" if self.networks == "flat" else name
        return kind if self.algorithm == "ddpg" or self.chain == usual.chain else f"{kind}, chain {self.chain}"

    def document(self) -> dict[str, Any]:
        """The settings as a JSON object."""
        return asdict(self)

    @classmethod
    def of(cls, document: dict[str, Any]) -> Self:
        """The settings from their JSON object; fields that are not known are ignored."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: value for key, value in document.items() if key in known})


def fast(**changes: Any) -> Settings:
    """The strong configuration: set networks, a short chain that predicts the action, no discount between slots."""
    return replace(Settings(), **changes)


def general(**changes: Any) -> Settings:
    """``fast`` for a generalist: told the demand, with the memory that many scenarios need."""
    return replace(fast(told=True, replay=200_000, cache_replay=80_000, training_slots=65_536), **changes)


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
        scatter=0.0,
        cache_width=128,
        cache_discount=0.99,
        nested_updates_a_slot=1.0,
    )
    return replace(faithful, **changes)
