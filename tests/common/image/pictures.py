"""Small pictures of every format and mode, made in memory."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from common.image.picture import Picture


def noise(height: int, width: int, channels: int = 3, seed: int = 0) -> NDArray[np.uint8]:
    """Returns (height, width, channels) of random bytes."""
    rng = np.random.default_rng((seed, height, width))
    return rng.integers(0, 256, (height, width, channels)).astype(np.uint8)


def scene(height: int, width: int) -> NDArray[np.uint8]:
    """Returns something smooth with edges, (height, width, 3), unlike itself in any mirror."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    planes = [255 * x / width, 255 * y / height, 127 + 120 * np.sin(x * y / 500)]
    made = np.stack(planes, axis=-1)
    made[height // 4 : height // 2, width // 8 : width // 3] = (250, 20, 40)
    return made.astype(np.uint8)


def encoded(image: Image.Image | NDArray[Any], kind: str, **options: Any) -> bytes:
    """Writes a picture in a format of Pillow."""
    buffer = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(
        buffer, kind, **options
    )
    return buffer.getvalue()


def picture(contents: bytes, name: str = "it") -> Picture:
    """Returns a picture of these bytes."""
    return Picture(name, contents)


def exif(orientation: int, mark: str = ">", before: int = 2) -> bytes:
    """Writes EXIF by hand: some other entries, then the orientation.

    Args:
        orientation: 1 to 8.
        mark: `<` or `>`, as in `struct`.
        before: the number of other entries.
    """
    entries = [(0x0100 + n, 4, 1, 7) for n in range(before)]
    header = (b"II" if mark == "<" else b"MM") + struct.pack(mark + "HI", 42, 8)
    written = b"".join(struct.pack(mark + "HHII", *entry) for entry in entries)
    written += struct.pack(mark + "HHIHH", 0x0112, 3, 1, orientation, 0)
    count = struct.pack(mark + "H", before + 1)
    return b"Exif\0\0" + header + count + written + struct.pack("I", 0)


def png(header: tuple[int, int, int, int], pixels: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """Writes a PNG by hand.

    Args:
        header: width, height, bit depth and colour type.
        pixels: the lines, each behind a filter byte.
        chunks: kind and content of those between the header and the pixels.
    """
    every = [(b"IHDR", struct.pack(">IIBBBBB", *header, 0, 0, 0)), *chunks]
    every += [(b"IDAT", zlib.compress(pixels)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in every
    )


def png_of_16_bits(values: NDArray[np.uint16], *chunks: tuple[bytes, bytes]) -> bytes:
    """Writes (height, width, channels) as 16-bit grey, grey and alpha, RGB or RGBA."""
    height, width, channels = values.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in values)
    return png((width, height, 16, kind), lines, *chunks)


def with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    """Puts a segment into a JPEG, in front of all others."""
    return jpeg[:2] + struct.pack(">HH", marker, len(content) + 2) + content + jpeg[2:]


def kinds() -> dict[str, bytes]:
    """Returns the same scene in every format and mode that a graph reads, by name."""
    rgb = Image.fromarray(scene(37, 52))
    alpha = Image.fromarray(noise(37, 52, 1)[..., 0])
    rgba = rgb.copy()
    rgba.putalpha(alpha)
    grey = rgb.convert("L")
    grey_alpha = Image.merge("LA", (grey, alpha))
    palette = rgb.quantize(64)
    deep = np.random.default_rng(5).integers(0, 1 << 16, (9, 7, 4)).astype(np.uint16)
    upright = Image.fromarray(scene(37, 52))
    turned = {
        f"jpeg, orientation {n} {mark}": with_segment(
            encoded(upright, "JPEG"), 0xFFE1, exif(n, mark)
        )
        for n, mark in zip(range(1, 9), "<>" * 4, strict=True)
    }
    plain = encoded(upright, "JPEG")
    return {
        "jpeg": encoded(rgb, "JPEG"),
        "jpeg, 4:4:4": encoded(rgb, "JPEG", subsampling=0),
        "jpeg, 4:2:2": encoded(rgb, "JPEG", subsampling=1, quality=95),
        "jpeg, progressive": encoded(rgb, "JPEG", progressive=True),
        "jpeg, grey": encoded(grey, "JPEG"),
        "jpeg of one pixel": encoded(noise(1, 1), "JPEG"),
        **turned,
        "jpeg, EXIF behind other segments": with_segment(
            with_segment(plain, 0xFFE1, exif(6)), 0xFFFE, b"a comment" * 900
        ),
        "jpeg, the first EXIF counts": with_segment(
            with_segment(plain, 0xFFE1, exif(6)), 0xFFE1, exif(3)
        ),
        "jpeg, EXIF cut short": with_segment(plain, 0xFFE1, exif(6)[:20]),
        "jpeg, EXIF of a wrong value": with_segment(plain, 0xFFE1, exif(9)),
        "jpeg, not EXIF": with_segment(plain, 0xFFE1, b"Exif" + exif(6)[6:]),
        "png": encoded(rgb, "PNG"),
        "png, alpha": encoded(rgba, "PNG"),
        "png, grey": encoded(grey, "PNG"),
        "png, grey and alpha": encoded(grey_alpha, "PNG"),
        "png, palette": encoded(palette, "PNG"),
        "png, transparent palette": encoded(palette, "PNG", transparency=bytes(range(0, 256, 4))),
        "png, 16 colours": encoded(rgb.quantize(16), "PNG"),
        "png, one bit": encoded(rgb.convert("1"), "PNG"),
        "png, transparent colour": encoded(rgb, "PNG", transparency=(250, 20, 40)),
        "png, transparent grey": encoded(grey, "PNG", transparency=int(np.asarray(grey)[3, 3])),
        "png, 16-bit grey": png_of_16_bits(deep[..., :1]),
        "png, 16-bit transparent grey": png_of_16_bits(
            deep[..., :1], (b"tRNS", struct.pack(">H", int(deep[2, 3, 0])))
        ),
        "png, 16-bit grey and alpha": png_of_16_bits(deep[..., :2]),
        "png, 16-bit RGB": png_of_16_bits(deep[..., :3]),
        "png, 16-bit RGBA": png_of_16_bits(deep),
        "png, orientation": encoded(rgb, "PNG", exif=exif(6)),
        "gif": encoded(palette, "GIF"),
        "gif, grey": encoded(grey, "GIF"),
        "gif, transparent": encoded(palette, "GIF", transparency=9),
        "gif, transparent behind a comment": encoded(
            palette, "GIF", transparency=0, comment=b"!," * 300
        ),
        "gif, animation": encoded(
            palette,
            "GIF",
            save_all=True,
            append_images=[Image.fromarray(noise(37, 52, seed=n)) for n in range(3)],
            loop=0,
        ),
        "bmp": encoded(rgb, "BMP"),
        "bmp, grey": encoded(grey, "BMP"),
        "bmp, palette": encoded(rgb.quantize(200), "BMP"),
        "bmp, 32 bits": encoded(rgba, "BMP"),
    }
