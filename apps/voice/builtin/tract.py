"""The vocal tract: formants as a chain of resonators.

The resonators are those of D. H. Klatt, "Software for a cascade/parallel formant synthesizer",
Journal of the Acoustical Society of America 67 (1980), 971-995, each with a gain of 1 at 0 Hz.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

SAMPLE_RATE = 16000

Array = NDArray[np.float64]


def bandwidths(formants: Array) -> Array:
    """Returns the bandwidths of formants, both in hertz.

    An assumption: they grow with frequency, from about 60 Hz in F1 to 190 Hz in F4.
    """
    return 45 + 0.04 * formants


def denominators(formants: Array, widths: Array, size: int) -> NDArray[np.complex64]:
    """Returns what tracts divide a spectrum by, `(tracts, size // 2 + 1)`.

    Args:
        formants: in hertz, `(tracts, formants)`.
        widths: their bandwidths in hertz, likewise.
        size: of the transform whose frequencies the result is for.
    """
    radius = np.exp(-np.pi * widths / SAMPLE_RATE)
    first = -2 * radius * np.cos(2 * np.pi * formants / SAMPLE_RATE)
    second = radius**2
    # Multiplied out as polynomials, the formants cost one transform instead of one each.
    product = np.zeros((len(formants), 2 * formants.shape[1] + 1))
    product[:, 0] = 1
    for a, b in zip(first.T[..., None], second.T[..., None], strict=True):
        product[:, 2:] += a * product[:, 1:-1] + b * product[:, :-2]
        product[:, 1:2] += a
    product /= product.sum(axis=1, keepdims=True)
    return np.asarray(rfft(product.astype(np.float32), size), np.complex64)
