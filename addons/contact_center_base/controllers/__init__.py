from . import calls
from . import json_api
