"""Encoded pictures to RGB, with Pillow. A graph does the same in `common.image.in_graph`."""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from common.errors import UserError, one_line
from common.image.picture import Picture

FORMATS = ("JPEG", "PNG", "WebP", "GIF", "BMP")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")

MAX_PIXELS = 100_000_000
"""The largest picture that is decoded. A file of some kilobytes can hold far more."""

MAX_SIDE = 65_535
"""The longest side of a picture, which is that of JPEG and GIF."""

# For an orientation in EXIF, what turns the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112

# Pillow only warns where we refuse, with a limit of its own, and of EXIF that we do without.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", module=r"PIL\.")


def decode(picture: Picture) -> NDArray[np.uint8]:
    """Reads and decodes a picture.

    It is turned upright by its EXIF orientation. Of an animation, the first frame is taken.
    What is transparent lies on white. Grey, palettes and CMYK become RGB without colour profiles;
    of 16 bits the high byte remains.

    Args:
        picture: a JPEG, PNG, WebP, GIF or BMP file.

    Returns:
        RGB, (height, width, 3).

    Raises:
        UserError: it cannot be read, is no such picture, is damaged, or has too many pixels, which
            is found before anything is decoded.
    """
    contents = picture.read()
    shown = one_line(picture.name)
    try:
        with Image.open(io.BytesIO(contents), formats=FORMATS) as image:
            check_size(shown, *image.size)
            orientation = _orientation(image)
            image.load()
            return _pixels(image, _UPRIGHT.get(orientation))
    except UserError:
        raise
    except Image.DecompressionBombError:
        raise UserError(f"{shown}: {_too_large('the picture')}") from None
    except UnidentifiedImageError:
        raise UserError(
            f"{shown}: this is no {', '.join(FORMATS[:-1])} or {FORMATS[-1]} picture; "
            "convert it to one of these, or remove it"
        ) from None
    except Exception as error:  # a damaged file can end in nearly any error
        raise UserError(
            f"{shown}: the picture is damaged ({one_line(error, 80) or type(error).__name__}); "
            "replace it"
        ) from error


def check_size(shown: str, width: int, height: int) -> None:
    """Refuses a picture that would take too much memory.

    Args:
        shown: what to call the picture.
        width: in pixels.
        height: in pixels.

    Raises:
        UserError: it has more than `MAX_PIXELS` pixels, or a side above `MAX_SIDE`.
    """
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise UserError(f"{shown}: {_too_large(f'the picture of {width:,} x {height:,} pixels')}")


def _too_large(what: str) -> str:
    return (
        f"{what} is larger than the limit of {MAX_PIXELS:,} pixels ({MAX_SIDE:,} a side); make it "
        "smaller"
    )


def _orientation(image: Image.Image) -> int:
    """Returns the EXIF orientation, 1 where there is none that can be used.

    Only EXIF in front of the pixels counts, in this one place, so that a graph finds the same.
    """
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        return int(exif.get(_ORIENTATION, 1))
    except Exception:  # damaged EXIF is no reason to refuse good pixels
        return 1


def _pixels(image: Image.Image, upright: Image.Transpose | None) -> NDArray[np.uint8]:
    if image.mode.startswith("I"):
        image = _high_byte(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        # Rounds (alpha * colour + (255 - alpha) * 255) / 255 to the nearest.
        white.paste(image, mask=image.getchannel("A"))
        image = white
    image = _cmyk_to_rgb(image) if image.mode == "CMYK" else image.convert("RGB")
    if upright is not None:
        image = image.transpose(upright)
    return np.array(image, np.uint8)


def _high_byte(image: Image.Image) -> Image.Image:
    """Returns 16-bit grey as 8-bit grey, its transparent value as alpha."""
    values: NDArray[Any] = np.asarray(image)
    grey = Image.fromarray((values >> 8).astype(np.uint8))
    transparent = image.info.get("transparency")
    if transparent is not None:
        grey.putalpha(Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8)))
    return grey


def _cmyk_to_rgb(image: Image.Image) -> Image.Image:
    """Multiplies what the inks let through, rounded down as TensorFlow does."""
    through = 255 - np.asarray(image).astype(np.uint16)
    return Image.fromarray((through[..., :3] * through[..., 3:] // 255).astype(np.uint8))
