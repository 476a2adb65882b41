"""Covers drawn for things that have a kind and a number. Pure: the same thing always looks the same.

A cover is SVG in the colour of its surroundings (`currentColor`), so that the stylesheet decides how it looks by day and by night.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from math import sin, tau

WIDTH, HEIGHT = 320, 180


class Dice:
    """Numbers that look thrown, the same ones for the same seed."""

    def __init__(self, seed: str) -> None:
        self._bytes = self._endless(seed)

    @staticmethod
    def _endless(seed: str) -> Iterator[int]:
        block = seed.encode()
        while True:
            block = blake2b(block).digest()
            yield from block

    def between(self, least: float, most: float) -> float:
        return least + (most - least) * next(self._bytes) / 255


def cover(kind: str, seed: str) -> str:
    """SVG markup for a thing of a kind; kinds that are not known are drawn as sheets."""
    drawn = "".join(DRAWINGS.get(kind, sheets)(Dice(f"{kind} {seed}")))
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">{drawn}</svg>'


def _arch(centre: float, floor: float, half: float, height: float, opacity: float) -> str:
    left, right, spring = centre - half, centre + half, floor - height + half
    outline = f"M{left:.0f} {floor:.0f}V{spring:.0f}A{half:.0f} {half:.0f} 0 0 1 {right:.0f} {spring:.0f}V{floor:.0f}Z"
    return f'<path d="{outline}" fill="currentColor" opacity="{opacity:.2f}"/>'


def arches(dice: Dice) -> Iterator[str]:
    """A corridor, seen from its beginning."""
    end, floor = dice.between(120, 200), dice.between(120, 132)
    shrink = dice.between(0.62, 0.72)
    centre, half, height, base = 160.0, 132.0, 210.0, 205.0
    for _ in range(6):
        yield _arch(centre, base, half, height, 0.16)
        half, height = half * shrink, height * shrink
        centre, base = centre + (end - centre) * (1 - shrink), base + (floor - base) * (1 - shrink)


def portal() -> str:
    """SVG markup of the sign of the house, large: a corridor with light at its end."""
    drawn, half, height, base = [], 220.0, 424.0, 440.0
    for _ in range(7):
        drawn.append(_arch(240, base, half, height, 0.13))
        half, height, base = half * 0.74, height * 0.74, base - (base - 286) * 0.26
    light = _arch(240, base, half, height, 1).replace('fill="currentColor"', 'class="light"')
    return (
        f'<svg viewBox="0 0 480 440" preserveAspectRatio="xMidYMax meet" aria-hidden="true" focusable="false">{"".join(drawn)}{light}</svg>'
    )


def stairs(dice: Dice) -> Iterator[str]:
    """Steps that lead up."""
    steps = round(dice.between(4, 7))
    rise, width = dice.between(14, 20), WIDTH / steps
    for step in range(steps):
        top = HEIGHT - 34 - rise * step
        yield f'<rect x="{width * step:.0f}" y="{top:.0f}" width="{width + 1:.0f}" height="{HEIGHT - top:.0f}" fill="currentColor" opacity="{0.14 + 0.09 * step:.2f}"/>'
    sun = 16 + dice.between(0, 10)
    yield f'<circle cx="{dice.between(40, 150):.0f}" cy="{dice.between(38, 60):.0f}" r="{sun:.0f}" fill="currentColor" opacity=".3"/>'


def trail(dice: Dice) -> Iterator[str]:
    """A path with places to stop."""
    phase, reach = dice.between(0, tau), dice.between(22, 42)
    points = [(x, 90 + reach * sin(phase + x / WIDTH * tau * 1.2)) for x in range(-10, WIDTH + 11, 22)]
    line = "M" + " L".join(f"{x} {y:.0f}" for x, y in points)
    yield f'<path d="{line}" fill="none" stroke="currentColor" stroke-width="44" opacity=".14" stroke-linejoin="round"/>'
    yield f'<path d="{line}" fill="none" stroke="currentColor" stroke-width="3" opacity=".6" stroke-dasharray="1 9" stroke-linecap="round"/>'
    for x, y in points[2::4]:
        yield f'<circle cx="{x}" cy="{y:.0f}" r="{dice.between(6, 11):.0f}" fill="currentColor" opacity=".7"/>'


def sound(dice: Dice) -> Iterator[str]:
    """A voice, as a row of bars."""
    for bar in range(27):
        swell = sin((bar + 0.5) / 27 * tau / 2)
        half = 6 + swell * dice.between(8, 62)
        yield f'<rect x="{25 + bar * 10}" y="{90 - half:.0f}" width="5" height="{2 * half:.0f}" rx="2.5" fill="currentColor" opacity="{0.25 + swell * 0.4:.2f}"/>'


def lens(dice: Dice) -> Iterator[str]:
    """Rings of a lens, and the beam that it throws."""
    x, y = dice.between(90, 150), dice.between(78, 102)
    spread = dice.between(40, 75)
    yield f'<path d="M{x:.0f} {y:.0f}L330 {y - spread:.0f}V{y + spread:.0f}Z" fill="currentColor" opacity=".16"/>'
    for radius, opacity in ((78, 0.12), (56, 0.16), (34, 0.24), (14, 0.6)):
        yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius}" fill="currentColor" opacity="{opacity}"/>'


def frames(dice: Dice) -> Iterator[str]:
    """Frames of a film, one behind the other."""
    shift, lift = dice.between(16, 26), dice.between(7, 13)
    for frame in range(5):
        x, y = 58 + shift * frame, 62 - lift * frame + 20
        yield f'<rect x="{x:.0f}" y="{y:.0f}" width="128" height="78" rx="5" fill="currentColor" opacity=".17"/>'


def sheets(dice: Dice) -> Iterator[str]:
    """A sheet of paper with lines on it, on another."""
    left = dice.between(96, 124)
    yield f'<rect x="{left + 18:.0f}" y="24" width="104" height="170" rx="3" fill="currentColor" opacity=".14"/>'
    yield f'<rect x="{left:.0f}" y="38" width="104" height="170" rx="3" fill="currentColor" opacity=".2"/>'
    yield f'<rect x="{left + 14:.0f}" y="56" width="{dice.between(34, 62):.0f}" height="8" rx="2" fill="currentColor" opacity=".65"/>'
    for line in range(6):
        yield f'<rect x="{left + 14:.0f}" y="{80 + line * 15}" width="{dice.between(46, 76):.0f}" height="4" rx="2" fill="currentColor" opacity=".4"/>'


DRAWINGS: dict[str, Callable[[Dice], Iterator[str]]] = {
    "course": arches,
    "program": stairs,
    "learning_path": trail,
    "podcast": sound,
    "podcast_episode": sound,
    "video": lens,
    "video_playlist": frames,
    "document": sheets,
}
