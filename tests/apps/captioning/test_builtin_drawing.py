"""Pictures of the builtin captioning corpus: what captions say of a scene is there to be seen."""

from dataclasses import replace
from itertools import pairwise, product
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import binary_dilation, binary_fill_holes, label

from apps.captioning.builtin import SIDE, composition
from apps.captioning.builtin.drawing import BACKGROUNDS, PALETTE, draw, stencil
from apps.captioning.builtin.layout import Spot, arrange, fits
from apps.captioning.builtin.scene import (
    COLOURS,
    SHAPES,
    SIZES,
    TONES,
    Arrangement,
    Group,
    Place,
    Scene,
)

Mask = NDArray[np.bool_]

SCALE = 4  # of stencils


def generator(number: int) -> np.random.Generator:
    return np.random.default_rng(number)


def scenes(*kinds: Arrangement, count: int = 150) -> list[Scene]:
    """Scenes at random, of these arrangements or of all."""
    rng = Random(0)
    found: list[Scene] = []
    while len(found) < count:
        scene = composition.draw(rng)
        if not kinds or scene.arrangement in kinds:
            found.append(scene)
    return found


def masks(scene: Scene, spots: tuple[Spot, ...]) -> list[Mask]:
    """Where each thing of a picture is, at its spot: `(SIDE, SIDE)`, whole pixels only."""
    found = []
    for spot in spots:
        whole = Image.new("L", (SIDE * SCALE, SIDE * SCALE))
        mask, corner = stencil(scene.groups[spot.group].shape, spot)
        whole.paste(mask, corner)
        found.append(np.asarray(whole.reduce(SCALE)) == 255)
    return found


def foreground(pixels: NDArray[np.uint8]) -> Mask:
    """What differs from the background, which is the colour of the edge of the picture."""
    edge = np.concatenate([pixels[:2].reshape(-1, 3), pixels[-2:].reshape(-1, 3)])
    return np.abs(pixels - np.median(edge, axis=0)).max(axis=2) > 50


def alone(group: Group, tone: str = "dark", place: Place = Place.MIDDLE) -> Scene:
    return Scene((group,), Arrangement.ALONE, tone, place)


# Colours.


def test_every_thing_has_its_colour_at_its_place() -> None:
    names = list(PALETTE)
    assert names == list(COLOURS)
    # Brightness is the picture's: colours are compared by their direction, and all but black.
    palette = np.array([PALETTE[name] for name in names], float)
    directions = palette / np.linalg.norm(palette, axis=1, keepdims=True)
    checked = 0
    for number, scene in enumerate(scenes()):
        pixels = draw(scene, generator(number)).astype(float)
        spots = arrange(scene, generator(number))
        things = masks(scene, spots)
        front = [mask for spot, mask in zip(spots, things, strict=True) if spot.group == 0]
        hidden = binary_dilation(np.logical_or.reduce(front), iterations=2)
        for spot, mask in zip(spots, things, strict=True):
            seen = mask & ~hidden if spot.group else mask
            colour = pixels[seen].mean(axis=0)
            assert np.linalg.norm(colour) > 120
            nearest = names[int((directions @ colour).argmax())]
            assert nearest == scene.groups[spot.group].colour, (number, scene)
            checked += 1
    assert checked > 400


@pytest.mark.parametrize("tone", TONES)
def test_backgrounds_are_as_dark_as_they_are_called(tone: str) -> None:
    for number, scene in enumerate(scenes(count=60)):
        pixels = draw(replace(scene, tone=tone), generator(number))
        assert (np.median(pixels) < 64) if tone == "dark" else (np.median(pixels) > 160)


def test_colours_are_far_from_each_other_and_from_every_background() -> None:
    shades = [np.array(shade) for tone in TONES for shade in BACKGROUNDS[tone]]
    for name, colour in PALETTE.items():
        others = [np.array(other) for key, other in PALETTE.items() if key != name]
        assert min(np.abs(colour - other).max() for other in [*others, *shades]) > 50, name


# Shapes, sizes and counts.


@pytest.mark.parametrize("shape", SHAPES)
def test_bigger_is_bigger(shape: str) -> None:
    areas: dict[str, list[int]] = {size: [] for size in SIZES}
    for number in range(30):
        for size in SIZES:
            scene = alone(Group(1, size, "orange", shape))
            there = foreground(draw(scene, generator(number)))
            height, width = (np.ptp(index) + 1 for index in there.nonzero())
            assert min(height, width) >= 8
            assert max(height, width) >= 10
            areas[size].append(int(binary_fill_holes(there).sum()))
    assert min(areas["big"]) > 2 * max(areas["small"])


def test_as_many_things_are_to_be_seen_as_there_are() -> None:
    """Counted as connected pieces, so nothing touches and nothing is cut in two."""
    counts = set()
    for number, scene in enumerate(
        scenes(Arrangement.ALONE, Arrangement.ROW, Arrangement.COLUMN, count=200)
    ):
        there = foreground(draw(scene, generator(number)))
        total = sum(group.count for group in scene.groups)
        assert label(there, structure=np.ones((3, 3)))[1] == total, (number, scene)
        counts.add(total)
    assert counts >= {1, 2, 3, 4, 5, 6}


def test_shapes_can_be_told_by_their_outlines() -> None:
    """Stretched to its box, a thing is most like its own shape, at every angle."""
    for size, diameter in (("small", 12), ("big", 24)):
        templates = {}
        for shape, angle in product(SHAPES, (-8, 0, 8)):
            mask, _ = stencil(shape, Spot(0, SIDE / 2, SIDE / 2, diameter, angle))
            cut_out = mask.crop(mask.getbbox()).resize((24, 24))
            templates[shape, angle] = np.asarray(cut_out) > 127
        for shape in SHAPES:
            right = 0
            for number in range(20):
                there = foreground(draw(alone(Group(1, size, "red", shape)), generator(number)))
                rows, columns = (np.flatnonzero(there.any(axis=axis)) for axis in (1, 0))
                cut = there[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
                image = np.asarray(Image.fromarray(cut).resize((24, 24)), bool)
                overlap = {
                    name: (image & template).sum() / (image | template).sum()
                    for name, template in templates.items()
                }
                right += max(overlap, key=overlap.__getitem__)[0] == shape
            assert right == 20, (size, shape, right)


def test_nothing_is_cut_off_at_the_edges() -> None:
    for number, scene in enumerate(scenes(count=300)):
        for spot in arrange(scene, generator(number)):
            mask, (left, top) = stencil(scene.groups[spot.group].shape, spot)
            box = mask.getbbox()
            assert box is not None
            assert min(left + box[0], top + box[1]) >= SCALE, (number, scene)
            assert max(left + box[2], top + box[3]) <= (SIDE - 1) * SCALE, (number, scene)


# Places and relations.


def extents(scene: Scene, number: int) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom edge of each group, in pixels."""
    spots = arrange(scene, generator(number))
    things = masks(scene, spots)
    found = []
    for index in range(len(scene.groups)):
        parts = [mask for spot, mask in zip(spots, things, strict=True) if spot.group == index]
        rows, columns = np.logical_or.reduce(parts).nonzero()
        found.append((columns.min(), rows.min(), columns.max(), rows.max()))
    return found


@pytest.mark.parametrize("place", Place)
def test_a_group_alone_is_in_its_place(place: Place) -> None:
    for number, scene in enumerate(scenes(Arrangement.ALONE)):
        if scene.place is not place:
            continue
        ((left, top, right, bottom),) = extents(scene, number)
        x, y = (left + right) / 2 / SIDE, (top + bottom) / 2 / SIDE
        wanted = {
            Place.LEFT: x < 0.37 and abs(y - 0.5) < 0.1,
            Place.RIGHT: x > 0.63 and abs(y - 0.5) < 0.1,
            Place.TOP: y < 0.37 and abs(x - 0.5) < 0.1,
            Place.BOTTOM: y > 0.63 and abs(x - 0.5) < 0.1,
            Place.MIDDLE: max(abs(x - 0.5), abs(y - 0.5)) < 0.1,
        }
        assert wanted[place], (number, scene, x, y)
        assert sum(wanted.values()) == 1


@pytest.mark.parametrize(("kind", "axis"), [(Arrangement.ROW, 0), (Arrangement.COLUMN, 1)])
def test_groups_in_line_are_apart_along_it_and_level_across(kind: Arrangement, axis: int) -> None:
    for number, scene in enumerate(scenes(kind)):
        boxes = extents(scene, number)
        for one, other in pairwise(boxes):
            assert other[axis] - one[axis + 2] > 6, (number, scene)
            across = [(box[1 - axis] + box[3 - axis]) / 2 for box in (one, other)]
            assert abs(across[0] - across[1]) < 4, (number, scene)


def test_gaps_between_groups_are_wider_than_inside_them() -> None:
    for number, scene in enumerate(scenes(Arrangement.ROW)):
        spots = arrange(scene, generator(number))
        things = masks(scene, spots)
        columns = [np.flatnonzero(mask.any(axis=0)) for mask in things]
        ends = {k: [c for s, c in zip(spots, columns, strict=True) if s.group == k] for k in (0, 1)}
        between = min(c[0] for c in ends[1]) - max(c[-1] for c in ends[0])
        inside = np.logical_or.reduce(
            [m for s, m in zip(spots, things, strict=True) if s.group == 0]
        )
        filled = np.flatnonzero(inside.any(axis=0))
        # A narrow thing leaves more room beside it than a wide one.
        assert between > 1.2 * (np.diff(filled).max(initial=1) - 1), (number, scene)


def test_what_is_in_front_hides_a_part_of_what_is_behind() -> None:
    for number, scene in enumerate(scenes(Arrangement.OVERLAP)):
        spots = arrange(scene, generator(number))
        things = masks(scene, spots)
        behind = next(mask for spot, mask in zip(spots, things, strict=True) if spot.group == 1)
        for spot, mask in zip(spots, things, strict=True):
            if spot.group == 0:
                # Hollow ones and those at the notch of a star or heart hide the least.
                solid = binary_fill_holes(mask)
                assert (solid & behind).sum() > 0.12 * solid.sum(), (number, scene)
        hidden = np.logical_or.reduce([things[k] for k, s in enumerate(spots) if s.group == 0])
        assert (behind & hidden).sum() < 0.6 * behind.sum(), (number, scene)


def test_what_is_inside_is_in_the_hole_and_touches_nothing() -> None:
    for number, scene in enumerate(scenes(Arrangement.NESTED)):
        spots = arrange(scene, generator(number))
        things = masks(scene, spots)
        around = next(mask for spot, mask in zip(spots, things, strict=True) if spot.group == 1)
        hole = binary_fill_holes(around) & ~around
        for spot, mask in zip(spots, things, strict=True):
            if spot.group == 0:
                assert not (mask & ~hole).any(), (number, scene)


def test_scenes_that_cannot_be_drawn_do_not_fit() -> None:
    many, one = Group(4, "big", "red", "star"), Group(1, "big", "blue", "ring")
    assert not fits(Scene((many, replace(many, colour="blue")), Arrangement.ROW, "dark"))
    assert fits(Scene((one, replace(one, colour="red")), Arrangement.ROW, "dark"))
    nested = Scene((replace(one, colour="red"), one), Arrangement.NESTED, "dark")
    assert fits(nested)
    assert not fits(replace(nested, groups=(many, one)))  # too much for the hole
    assert not fits(replace(nested, groups=(one, one)))  # not to be told apart
    assert not fits(replace(nested, arrangement=Arrangement.OVERLAP))  # it would be inside


# No two pictures are equal.


def test_pictures_of_one_scene_all_differ() -> None:
    scene = scenes(count=1)[0]
    pictures = [draw(scene, generator(number)).astype(int) for number in range(20)]
    for one, other in pairwise(pictures):
        assert np.abs(one - other).mean() > 1
    assert len({arrange(scene, generator(number)) for number in range(20)}) == 20


def test_edges_are_smooth() -> None:
    pixels = draw(alone(Group(1, "big", "yellow", "circle")), generator(0)).astype(int)
    blue_free = pixels[..., 0] - pixels[..., 2]
    between = (blue_free > 50) & (blue_free < 150)
    assert 30 < between.sum() < 120  # about one pixel wide, along the whole edge
