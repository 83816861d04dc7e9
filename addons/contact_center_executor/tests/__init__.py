from . import test_assignment
from . import test_indicators
