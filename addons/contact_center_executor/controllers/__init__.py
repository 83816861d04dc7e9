from . import assignments
from . import card
from . import files
from . import head
from . import pages
from . import portal
