from . import calls
from . import city
from . import json_api
from . import privacy
from . import knowledge
from . import rating
from . import open_data
from . import open311
