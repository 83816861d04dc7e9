"""The area of works as drawn on a map: one GeoJSON polygon (RFC 7946) without holes, in degrees.

A city is small: between its points the Earth counts as flat, and no area crosses the 180th meridian.
"""

import math
from itertools import pairwise
from typing import NamedTuple

#: Corners that somebody draws by hand; more come only from a file that is no drawing of an area.
MOST_CORNERS = 200


class Bounds(NamedTuple):
    """The smallest box around an area."""

    south: float
    north: float
    west: float
    east: float


def read_ring(area: object) -> list[tuple[float, float]]:
    """Return the closed outline of an area as ``(longitude, latitude)`` points.

    :param area: what came as GeoJSON.
    :raises ValueError: when it is no polygon on Earth with three corners or more.
    """
    if not isinstance(area, dict) or area.get("type") != "Polygon":
        raise ValueError("no polygon")
    rings = area.get("coordinates")
    if not isinstance(rings, list) or len(rings) != 1 or not isinstance(rings[0], list):
        raise ValueError("not one outline")
    ring = [_read_point(point) for point in rings[0]]
    if ring and ring[0] != ring[-1]:
        raise ValueError("not closed")
    if len(set(ring)) < 3 or len(ring) > MOST_CORNERS + 1:
        raise ValueError("too few or too many corners")
    return ring


def _read_point(point: object) -> tuple[float, float]:
    is_pair = isinstance(point, list) and len(point) == 2
    if not is_pair or not all(type(value) in (int, float) and math.isfinite(value) for value in point):
        raise ValueError("no point")
    longitude, latitude = map(float, point)
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError("not on Earth")
    return longitude, latitude


def bounds(area: dict) -> Bounds:
    """Return the box around an area.

    >>> bounds({"type": "Polygon", "coordinates": [[[1, 5], [3, 5], [3, 6], [1, 5]]]})
    Bounds(south=5.0, north=6.0, west=1.0, east=3.0)
    """
    longitudes, latitudes = zip(*read_ring(area), strict=True)
    return Bounds(min(latitudes), max(latitudes), min(longitudes), max(longitudes))


def contains(area: dict, latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in an area: a ray from it to the east crosses the outline an odd number of times.

    >>> square = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}
    >>> contains(square, 1, 1), contains(square, 1, 3)
    (True, False)
    """
    inside = False
    for (lon1, lat1), (lon2, lat2) in pairwise(read_ring(area)):
        if (lat1 > latitude) != (lat2 > latitude):
            crossing = lon1 + (latitude - lat1) / (lat2 - lat1) * (lon2 - lon1)
            inside ^= longitude < crossing
    return inside
