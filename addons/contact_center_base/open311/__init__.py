"""The words of Open311 GeoReport v2, without a database: what is asked, and how answers are written down."""

from .attributes import describe_questions, read_answer
from .parameters import BadParameter, Query, read_answers, read_degrees, read_query, read_text
from .rendering import FORMATS, render, render_error
