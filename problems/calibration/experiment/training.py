"""Training a variant: DDPM, resumable, the same bits whether it was interrupted or not."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from problems.calibration.experiment.digits import digits
from problems.calibration.experiment.keys import key_of
from problems.calibration.experiment.networks import NOISE_LEVELS, Variant, network, training_noise
from problems.io.files import write_bytes

SAVE_EVERY = 100
_DECISIVE = ("digits", "networks", "training")
"""The modules whose change asks for another training."""
_SETTLE = 10
"""The running average follows the weights closely for so many updates."""
_WARM_UP = 0.1
_LONGEST_GRADIENT = 1.0

Say = Callable[[str], None]


def trained(variant: Variant, folder: Path, say: Say) -> nn.Module:
    """The network of a variant: from ``folder``, or trained now and kept there.

    An interrupted training goes on from its last ``SAVE_EVERY`` updates. Raises InputError where the folder cannot be
    written.
    """
    path = folder / f"{variant.name}-{key_of(variant, modules=_DECISIVE)}.safetensors"
    unfinished = path.with_suffix(".unfinished")
    weights = _kept(path)
    if weights is None:
        weights = _train(variant, unfinished, say)
        write_bytes(path, save(weights))
        unfinished.unlink(missing_ok=True)
    model = network(variant.width).eval().requires_grad_(False)
    model.load_state_dict(weights)
    say(f"{variant.name}: {path}")
    return model


def _kept(path: Path) -> dict[str, Tensor] | None:
    """The tensors of a file; None where there is no whole one."""
    try:
        return load(path.read_bytes())
    except (FileNotFoundError, SafetensorError):
        return None


def _train(variant: Variant, unfinished: Path, say: Say) -> dict[str, Tensor]:
    """The averaged weights by name."""
    torch.manual_seed(variant.seed)
    model = network(variant.width)
    weights = dict(model.named_parameters())
    average = {name: weight.detach().clone() for name, weight in weights.items()}
    optimiser = torch.optim.AdamW(weights.values(), fused=True)
    state = _kept(unfinished)
    done = 0 if state is None else _restore(state, weights, average, optimiser)
    pictures, labels = digits()
    noise = training_noise()
    start_s = time.process_time()
    for update in range(done, variant.updates):
        generator = torch.Generator().manual_seed(variant.seed * variant.updates + update)
        chosen = torch.randint(len(pictures), (variant.batch,), generator=generator)
        level = torch.randint(NOISE_LEVELS, (variant.batch,), generator=generator)
        clean = pictures[chosen]
        added = torch.randn(clean.shape, generator=generator)
        seen = noise.add_noise(clean, added, level)
        guess = model(seen, level, class_labels=labels[chosen]).sample
        loss = mse_loss(guess, noise.get_velocity(clean, added, level))
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(model.parameters(), _LONGEST_GRADIENT)
        optimiser.param_groups[0]["lr"] = _rate(variant, update)
        optimiser.step()
        keep = min(variant.average, (1 + update) / (_SETTLE + update))
        torch._foreach_lerp_(list(average.values()), [w.detach() for w in weights.values()], 1.0 - keep)
        if (update + 1) % SAVE_EVERY == 0:
            write_bytes(unfinished, save(_state(weights, average, optimiser, update + 1)))
            spent = time.process_time() - start_s
            say(f"{variant.name}: {update + 1}/{variant.updates} updates, {spent:.0f} CPU s, loss {loss.item():.3f}")
    return average


def _rate(variant: Variant, update: int) -> float:
    """The learning rate: a straight way up, half a cosine down."""
    part = (update + 1) / variant.updates
    if part < _WARM_UP:
        return variant.peak_rate * part / _WARM_UP
    turn = torch.pi * (part - _WARM_UP) / (1.0 - _WARM_UP)
    return variant.peak_rate * 0.5 * (1.0 + float(torch.cos(torch.tensor(turn))))


def _state(
    weights: dict[str, nn.Parameter], average: dict[str, Tensor], optimiser: torch.optim.Optimizer, done: int
) -> dict[str, Tensor]:
    state = {"done": torch.tensor(done)}
    for name, weight in weights.items():
        moments = optimiser.state[weight]
        kept = {"weight": weight.detach(), "average": average[name], **moments}
        state |= {f"{kind} {name}": tensor.contiguous() for kind, tensor in kept.items()}
    return state


def _restore(
    state: dict[str, Tensor],
    weights: dict[str, nn.Parameter],
    average: dict[str, Tensor],
    optimiser: torch.optim.Optimizer,
) -> int:
    """Put everything into the state that was saved; how many updates were done."""
    for name, weight in weights.items():
        weight.data.copy_(state[f"weight {name}"])
        average[name].copy_(state[f"average {name}"])
        optimiser.state[weight] = {kind: state[f"{kind} {name}"] for kind in ("step", "exp_avg", "exp_avg_sq")}
    return int(state["done"])
