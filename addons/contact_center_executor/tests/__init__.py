from . import test_assignment
from . import test_demo
from . import test_indicators
